import type { Command } from "commander";
import type { Config, SiteConfig } from "../config/config.ts";
import { siteConfig } from "../config/load-config.ts";
import type { Connection } from "../db/connect.ts";
import { UserError } from "../domain/user-error.ts";
import type { SourceExamination } from "../insight/examine-source.ts";
import { adviseMemory } from "../insight/advise-memory.ts";
import { diagnose, type SiteHealth } from "../insight/site-health.ts";
import { readDatabaseMemory, type DatabaseMemory } from "../store/database-memory.ts";
import { listSites } from "../store/site.ts";
import { commandLine, examples } from "./command-line.ts";
import { examinationJson, healthJson } from "./doctor-json.ts";
import { examineSite } from "./examine-site.ts";
import { codeOfExamination, examineSources } from "./examine-sources.ts";
import { heldSites } from "./held-sites.ts";
import { withDatabase, type Runtime } from "./runtime.ts";
import { sourceOf } from "./scan-plan.ts";
import { showExamination } from "./show-examination.ts";
import { showHealth } from "./show-health.ts";
import { wrapText } from "./wrap-text.ts";

interface Flags {
  readonly from?: string;
  readonly site?: string;
  readonly source?: string;
  readonly ask: boolean;
  readonly json?: true;
}

/** What was found of one site: of what is held, and of its sources themselves. */
interface Examined {
  readonly site: string;
  readonly health: SiteHealth | undefined;
  readonly sources: readonly SourceExamination[];
}

export function register(program: Command, runtime: Runtime): void {
  program
    .command("doctor")
    .description(
      "Can these records feed these signals? Asks each configured server and looks into each folder (a small sample), and examines what is held: what is missing, what share is filled in, what is not understood with a mapping to paste, what cannot run and why. Changes nothing.",
    )
    .option("--from <place>", "look at this server (base URL) or folder alone, before anything is read or configured")
    .option("--site <name>", "only this site; with --from: by its configuration")
    .option("--source <name>", "with --from: how to call it")
    .option("--no-ask", "only what is held: ask no server, and look into no folder")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      "\nExit codes: 0 everything that is on sees all it needs; 3 something runs blind; 2 sources are mixed up or cannot be read, or nothing is held yet",
    )
    .addHelpText(
      "after",
      examples(
        ["doctor --from https://fhir.example/R4", "examines a server that was never read"],
        ["doctor --from export", "the same of a folder"],
        ["doctor --site st-elsewhere", "examines one site, and its sources"],
        ["doctor --json | jq '.sites[].signals'", "for programs"],
      ),
    )
    .action((flags: Flags) => run(runtime, flags));
}

async function run(runtime: Runtime, flags: Flags): Promise<void> {
  const config = runtime.loadConfig();
  const { examined, database } =
    flags.from === undefined
      ? await examineAll(runtime, config, flags)
      : { examined: [await examineFrom(runtime, config, flags.from, flags)] };
  const advice = database && adviseMemory(database);
  runtime.out(
    flags.json
      ? JSON.stringify({ sites: examined.map(asJson), ...(database && { database: { ...database, advice: advice ?? null } }) })
      : [...examined.map(show), ...(advice === undefined ? [] : [`The database\n${wrapText(advice, 2)}`])].join("\n\n\n"),
  );
  const codes = examined.map(codeOf);
  runtime.setExitCode(codes.includes(2) ? 2 : codes.includes(3) ? 3 : 0);
}

async function examineFrom(runtime: Runtime, config: Config, from: string, { site, source }: Flags): Promise<Examined> {
  const ofSite = siteConfig(config, site ?? "default");
  return { site: ofSite.name, health: undefined, sources: await examineSources(ofSite, [sourceOf(from, source)], runtime) };
}

async function examineAll(
  runtime: Runtime,
  config: Config,
  { site: name, ask }: Flags,
): Promise<{ readonly examined: Examined[]; readonly database: DatabaseMemory | undefined }> {
  const configured = config.sites.filter((site) => ask && site.sources.length > 0 && (name === undefined || site.name === name));
  const { found, database } = await withDatabase(runtime, async (connection) => {
    const healths = await examineHeld(connection, config, name, configured, runtime);
    const names = [...new Set([...healths.keys(), ...configured.map((site) => site.name)])].sort();
    const found = names.map((site) => ({ site, health: healths.get(site), configured: configured.find((each) => each.name === site) }));
    return { found, database: await readDatabaseMemory(connection) };
  });
  const examined: Examined[] = [];
  for (const { site, health, configured: ofSite } of found) {
    const held = health && health.feeds.length > 0 ? health : undefined;
    const sources = ofSite ? await examineSources(ofSite, ofSite.sources, runtime) : [];
    if (held || sources.length > 0) examined.push({ site, health: held, sources });
  }
  if (examined.length > 0) return { examined, database };
  throw new UserError(
    "nothing-held",
    `No usable record of ${found.map(({ site }) => site).join(", ")} has been read yet.`,
    `Read something first: ${commandLine} scan --from FOLDER`,
  );
}

/** A site that is configured need not be held. */
async function examineHeld(
  connection: Connection,
  config: Config,
  name: string | undefined,
  configured: readonly SiteConfig[],
  runtime: Runtime,
): Promise<Map<string, SiteHealth>> {
  const isHeld = (await listSites(connection.db)).some((site) => name === undefined || site.name === name);
  const sites = isHeld || configured.length === 0 ? await heldSites(connection, name) : [];
  const healths = new Map<string, SiteHealth>();
  for (const site of sites) healths.set(site.name, await examineSite(connection, config, site, runtime.clock()));
  return healths;
}

function show({ site, health, sources }: Examined): string {
  const shown = sources.map(showExamination);
  const heading = shown.length === 0 ? [] : [`Site ${site}: its sources themselves`, ...shown];
  const isSampled = sources.some(({ sampled }) => sampled.length > 0);
  const unread = isSampled ? ["Nothing of it has been read yet: what is said here rests on the sample alone."] : [];
  const held = health ? [showHealth(health)] : unread;
  return [...heading, ...held].join("\n\n");
}

function asJson({ site, health, sources }: Examined): object {
  return { ...(health ? healthJson(health) : { site }), sources: sources.map(examinationJson) };
}

const codeOfDiagnosis = { well: 0, blind: 3, fails: 2 } as const;

function codeOf({ health, sources }: Examined): 0 | 2 | 3 {
  const asked = sources.map(codeOfExamination);
  // What is held can be examined though its server is gone.
  const worstAsked = asked.includes(2) ? (health ? 3 : 2) : asked.includes(3) ? 3 : 0;
  const held = health ? codeOfDiagnosis[diagnose(health)] : 0;
  return held === 2 || worstAsked === 2 ? 2 : held === 3 || worstAsked === 3 ? 3 : 0;
}
