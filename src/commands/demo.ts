import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { Config } from "../config/config.ts";
import { siteConfig } from "../config/load-config.ts";
import type { Connection } from "../db/connect.ts";
import { commandLineViewer } from "../domain/viewer.ts";
import { listCases } from "../store/case.ts";
import { recordLook } from "../store/look.ts";
import { readShownNames } from "../store/newest-facts.ts";
import { listUnknowns } from "../store/unknown.ts";
import { notSeen } from "../insight/not-seen.ts";
import { scanSite } from "../worker/scan.ts";
import type { ScanSummary } from "../domain/scan-summary.ts";
import { commandLine } from "./command-line.ts";
import { emptyDemoFolder } from "./demo-folder.ts";
import type { Runtime } from "./runtime.ts";
import { planSite } from "./scan-plan.ts";
import { showInstant } from "../domain/show-times.ts";
import { showUnknowns } from "./show-unknowns.ts";
import { showWorklist } from "./show-worklist.ts";

const hospital = join(import.meta.dirname, "../../fixtures/hospital");

/** More would not fit on a screen. */
const casesShown = 15;
const mostCases = 1_000;

interface DemoSite {
  readonly name: string;
  readonly timeZone: string;
  readonly now: string;
}

export function register(program: Command, runtime: Runtime): void {
  program
    .command("demo")
    .description("See it work on an invented hospital, in a database of its own: no data, no settings, nothing to clean up.")
    .addHelpText(
      "after",
      "\nThe database is made in a temporary folder, or in FOLLOWTHROUGH_DATA/demo where that is set; yours is not touched.",
    )
    .action(() => run(runtime));
}

async function run(runtime: Runtime): Promise<void> {
  const folder = await emptyDemoFolder(runtime.env);
  const sites = JSON.parse(readFileSync(join(hospital, "sites.json"), "utf8")) as Readonly<Record<string, DemoSite>>;
  runtime.err(`Scanning ${Object.keys(sites).length} sites of an invented hospital …`);
  const connection = await runtime.openDatabase({ dataDir: folder });
  try {
    const summaries: ScanSummary[] = [];
    for (const [id, site] of Object.entries(sites)) summaries.push(await scanDemoSite(runtime, connection, id, site));
    const names = Object.entries(sites).map(([id, { name }]) => `${id} is ${name}`);
    runtime.out(await showDemo(runtime, connection, summaries, names, folder));
  } finally {
    await connection.close();
  }
}

/** The zone of each site is what a configuration would say. */
async function scanDemoSite(runtime: Runtime, connection: Connection, id: string, { timeZone, now }: DemoSite): Promise<ScanSummary> {
  const defaults: Config = { dataFolder: "", sites: [] };
  const plan = planSite({ ...siteConfig(defaults, id), timeZone }, [{ name: "folder", folder: join(hospital, id) }], undefined);
  return scanSite(connection, { ...plan, now: Date.parse(now) }, runtime);
}

async function showDemo(
  runtime: Runtime,
  { db }: Connection,
  summaries: readonly ScanSummary[],
  names: readonly string[],
  folder: string,
): Promise<string> {
  const { cases } = await listCases(db, commandLineViewer, {}, { limit: mostCases });
  const shown = cases.slice(0, casesShown);
  const loops = shown.flatMap(({ findings }) => findings.map(({ id }) => id));
  await recordLook(db, commandLineViewer, { at: runtime.clock(), how: "demo", loopIds: loops }, runtime.makeId);
  const nowOf = (site: string): number => summaries.find(({ run }) => run.site === site)?.run.now ?? 0;
  const shownNames = new Map<string, ReadonlyMap<string, string>>();
  for (const site of new Set(shown.map((each) => each.site))) {
    const keys = shown
      .filter((each) => each.site === site)
      .flatMap(({ findings: [first] }) => [first.patient ?? "", first.team].filter((key) => key.includes("/")));
    shownNames.set(site, await readShownNames(db, site, keys));
  }
  const asked = planSite(siteConfig({ dataFolder: "", sites: [] }, "default"), [], undefined).signals.map(({ id }) => id);
  const environment = [...(runtime.env["DATABASE_URL"] ? ["DATABASE_URL="] : []), `FOLLOWTHROUGH_DATA=${folder}`].join(" ");
  const next = [
    ["findings --json | head -1", "one finding with its evidence"],
    ["doctor --site south", "why nothing at south can be called missed"],
    ["signals show result-unacknowledged", "what one signal looks for, and why"],
  ];
  return [
    `Nobody followed these through (${cases.length} cases${cases.length > shown.length ? `, the ${shown.length} most urgent of them` : ""}):`,
    showWorklist(shown, nowOf, (site, key) => shownNames.get(site)?.get(key) ?? key),
    "",
    `What was seen, and what was not (${names.join("; ")}):`,
    ...summaries.flatMap((summary) => showSight(summary, asked)),
    "",
    ...showUnknowns(await listUnknowns(db, commandLineViewer, {})),
    "",
    "Try next:",
    ...next.map(([command, does]) => `  # ${does ?? ""}\n  ${environment} ${commandLine} ${command ?? ""}`),
  ].join("\n");
}

function showSight(summary: ScanSummary, asked: readonly string[]): string[] {
  const { run, feeds } = summary;
  const read = feeds.reduce((sum, feed) => sum + feed.read, 0);
  const lines = notSeen(summary, asked);
  const watched = run.watchFrom === undefined ? "" : `watched from ${showInstant(run.watchFrom)} to ${showInstant(run.now)}: `;
  return [
    `  ${run.site}, ${read} resources, ${watched}${lines.length === 0 ? "all that the signals need was seen." : "not whole."}`,
    ...lines.map((line) => `      ${line}`),
  ];
}
