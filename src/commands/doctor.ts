import type { Command } from "commander";
import type { Interval } from "../domain/instant.ts";
import { UserError } from "../domain/user-error.ts";
import { diagnose, type SiteHealth } from "../insight/site-health.ts";
import { commandLine, examples } from "./command-line.ts";
import { examineSite } from "./examine-site.ts";
import { heldSites } from "./held-sites.ts";
import { withDatabase, type Runtime } from "./runtime.ts";
import { showHealth } from "./show-health.ts";
import { toIso } from "../domain/show-times.ts";

interface Flags {
  readonly site?: string;
  readonly json?: true;
}

const exitCodes = { well: 0, blind: 3, fails: 2 };

export function register(program: Command, runtime: Runtime): void {
  program
    .command("doctor")
    .description(
      "Can this site's records feed these signals? What is missing, what share is filled in, what cannot run and why. Changes nothing.",
    )
    .option("--site <name>", "only this site")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      "\nExit codes: 0 everything that is on sees all it needs; 3 something runs blind; 2 sources are mixed up, or nothing is held yet",
    )
    .addHelpText(
      "after",
      examples(["doctor --site st-elsewhere", "examines one site"], ["doctor --json | jq '.sites[].signals'", "for programs"]),
    )
    .action((flags: Flags) => run(runtime, flags));
}

async function run(runtime: Runtime, { site: name, json }: Flags): Promise<void> {
  const config = runtime.loadConfig();
  const found: SiteHealth[] = [];
  await withDatabase(runtime, async (connection) => {
    for (const site of await heldSites(connection, name)) found.push(await examineSite(connection, config, site, runtime.clock()));
  });
  const held = found.filter(({ feeds }) => feeds.length > 0);
  if (held.length === 0) {
    throw new UserError(
      "nothing-held",
      `No usable record of ${found.map(({ site }) => site).join(", ")} has been read yet.`,
      `Read something first: ${commandLine} scan --from FOLDER`,
    );
  }
  runtime.out(json ? JSON.stringify({ sites: held.map(asJson) }) : held.map(showHealth).join("\n\n\n"));
  const diagnoses = held.map(diagnose);
  const worst = (["fails", "blind", "well"] as const).find((each) => diagnoses.includes(each)) ?? "well";
  runtime.setExitCode(exitCodes[worst]);
}

function asJson(health: SiteHealth): object {
  const intervals = (each: readonly Interval[]): object[] => each.map(({ from, to }) => ({ from: toIso(from), to: toIso(to) }));
  const { now, watchFrom, lastGood, last, feeds, signals, ...rest } = health;
  const withTimes = (shortcomings: SiteHealth["signals"][number]["because"]): object[] =>
    shortcomings.map((each) => ({ ...each, gaps: intervals(each.gaps) }));
  return {
    ...rest,
    diagnosis: diagnose(health),
    now: toIso(now),
    watchFrom: watchFrom === undefined ? null : toIso(watchFrom),
    lastGood: lastGood ? { kind: lastGood.kind, startedAt: toIso(lastGood.startedAt) } : null,
    last: last ? { kind: last.kind, startedAt: toIso(last.startedAt), state: last.state } : null,
    feeds: feeds.map((feed) => ({ ...feed, covered: intervals(feed.covered), gaps: intervals(feed.gaps) })),
    signals: signals.map((signal) => ({ ...signal, because: withTimes(signal.because), besides: withTimes(signal.besides) })),
  };
}
