import type { Command } from "commander";
import type { Connection } from "../db/connect.ts";
import type { FeedStatement } from "../domain/feed-statement.ts";
import { showIntervals, toIso } from "../domain/show-times.ts";
import { UserError } from "../domain/user-error.ts";
import { commandLineViewer as viewer } from "../domain/viewer.ts";
import { addFeedStatement, listFeedStatements, undoFeedStatement } from "../store/feed-statement.ts";
import { isUuid } from "../store/finding-filter.ts";
import type { Site } from "../store/site.ts";
import { commandLine, examples } from "./command-line.ts";
import { heldSites } from "./held-sites.ts";
import { withDatabase, type Runtime } from "./runtime.ts";
import { readInstant } from "./scan-plan.ts";
import { showTable } from "./show-table.ts";

interface Flags {
  readonly site?: string;
  readonly json?: true;
}

interface AddFlags extends Flags {
  readonly source: string;
  readonly type?: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

export function register(program: Command, runtime: Runtime): void {
  const outages = program
    .command("outages")
    .description("What people say of a feed's time: outages that they know of, and silent hours that were right.");
  outages
    .command("list")
    .description("What is in force: outages, and silent hours that were accepted.")
    .option("--site <name>", "only this site")
    .option("--json", "print one JSON array")
    .action((flags: Flags) => list(runtime, flags));
  addCommand(
    outages,
    "add",
    "Enter an outage: nothing reliable came of that time, so it is a gap, and nothing due in it is called missed.",
  ).action((flags: AddFlags) => add(runtime, "outage", flags));
  addCommand(outages, "accept", "Accept silent hours: nothing was to come then, so they are no gap any more.").action((flags: AddFlags) =>
    add(runtime, "silence-accepted", flags),
  );
  outages
    .command("remove")
    .description("Take back an outage or an acceptance; both stay on record.")
    .argument("<id>", "as `outages list` shows it")
    .requiredOption("--reason <text>", "why")
    .action((id: string, flags: { readonly reason: string }) => remove(runtime, id, flags.reason));
  outages.addHelpText(
    "after",
    examples(
      ['outages add --source epr --from 2026-03-02T01:00:00Z --to 2026-03-02T05:00:00Z --reason "upgrade"', "of every feed of the source"],
      [
        'outages accept --source epr --type Task --from 2026-12-25T09:00:00Z --to 2026-12-25T10:00:00Z --reason "Christmas"',
        "one silent hour",
      ],
    ),
  );
}

function addCommand(outages: Command, name: string, does: string): Command {
  return outages
    .command(name)
    .description(does)
    .requiredOption("--source <name>", "of which source")
    .option("--type <type>", "of this resource type alone; else of every feed of the source")
    .requiredOption("--from <time>", "from when on, with its zone")
    .requiredOption("--to <time>", "and before when")
    .requiredOption("--reason <text>", "why, for whoever reads it next")
    .option("--site <name>", "where there are several sites")
    .option("--json", "print it as one JSON object");
}

async function list(runtime: Runtime, { site, json }: Flags): Promise<void> {
  const found = await withDatabase(runtime, async (connection) => {
    const all: (FeedStatement & { readonly site: string })[] = [];
    for (const { siteId, name } of await heldSites(connection, site))
      all.push(...(await listFeedStatements(connection.db, siteId)).map((statement) => ({ ...statement, site: name })));
    return all;
  });
  if (json) runtime.out(JSON.stringify(found.map((statement) => ({ ...asJson(statement), site: statement.site }))));
  else if (found.length === 0) runtime.out("Nobody has entered an outage, or accepted a silent hour.");
  else
    runtime.out(
      showTable(
        ["id", "site", "says", "of", "when", "reason", "by"],
        found.map((each) => [each.id, each.site, each.says, feedOf(each), showIntervals([each]), each.reason, each.actor]),
      ),
    );
  runtime.setExitCode(0);
}

async function add(runtime: Runtime, says: FeedStatement["says"], flags: AddFlags): Promise<void> {
  const { source, type, reason } = flags;
  const from = readInstant("--from", flags.from) ?? NaN;
  const to = readInstant("--to", flags.to) ?? NaN;
  const statement: FeedStatement = {
    id: runtime.makeId(),
    says,
    source,
    ...(type !== undefined && { type }),
    from,
    to,
    reason,
    actor: viewer.person,
    at: runtime.clock(),
  };
  await withDatabase(runtime, async (connection) => {
    const site = await onlySite(connection, flags.site);
    await addFeedStatement(connection.db, site.siteId, statement);
  });
  runtime.out(
    flags.json
      ? JSON.stringify(asJson(statement))
      : `${says === "outage" ? "An outage" : "A silence that was right"} of ${feedOf(statement)}, ${showIntervals([statement])}. The next scan judges by it (${commandLine} detect). Take it back: ${commandLine} outages remove ${statement.id} --reason TEXT`,
  );
  runtime.setExitCode(0);
}

async function remove(runtime: Runtime, id: string, reason: string): Promise<void> {
  if (!isUuid(id)) throw new UserError("not-an-id", `"${id}" is no id.`, "Take it from what `outages list` shows.");
  await withDatabase(runtime, ({ db }) => undoFeedStatement(db, viewer, { undoes: id, id: runtime.makeId(), reason, at: runtime.clock() }));
  runtime.out(`Taken back. The next scan judges without it (${commandLine} detect).`);
  runtime.setExitCode(0);
}

async function onlySite(connection: Connection, name: string | undefined): Promise<Site> {
  const [site, ...others] = await heldSites(connection, name);
  if (site === undefined || others.length > 0)
    throw new UserError("several-sites", "There are several sites, or none.", "Say which with --site.");
  return site;
}

function feedOf({ source, type }: FeedStatement): string {
  return type === undefined ? `every feed of ${source}` : `${type} from ${source}`;
}

function asJson({ from, to, at, type, ...rest }: FeedStatement): object {
  return { ...rest, type: type ?? null, from: toIso(from), to: toIso(to), at: toIso(at) };
}
