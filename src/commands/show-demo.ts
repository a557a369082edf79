import type { Connection } from "../db/connect.ts";
import type { ScanSummary } from "../domain/scan-summary.ts";
import { showInstant } from "../domain/show-times.ts";
import { commandLineViewer } from "../domain/viewer.ts";
import { enabledSignals } from "../insight/enabled-signals.ts";
import { notSeen } from "../insight/not-seen.ts";
import { listCases } from "../store/case.ts";
import { recordLook } from "../store/look.ts";
import { readShownNames } from "../store/newest-facts.ts";
import { listUnknowns } from "../store/unknown.ts";
import { commandLine } from "./command-line.ts";
import type { DemoSite } from "./demo-hospital.ts";
import type { Runtime } from "./runtime.ts";
import { showUnknowns } from "./show-unknowns.ts";
import { showWorklist } from "./show-worklist.ts";

/** More would not fit on a screen: the whole is in the browser. */
const casesShown = 8;
const mostCases = 1_000;

/** What the demo found and could not see, in words; and which finding is the most urgent. */
export async function showDemo(
  runtime: Runtime,
  { db }: Connection,
  sites: readonly DemoSite[],
  summaries: readonly ScanSummary[],
): Promise<{ readonly text: string; readonly firstFinding: string | undefined }> {
  const { cases } = await listCases(db, commandLineViewer, {}, { limit: mostCases });
  const shown = cases.slice(0, casesShown);
  const look = { at: runtime.clock(), how: "demo", shown: shown.flatMap(({ findings }) => findings) };
  await recordLook(db, commandLineViewer, look, runtime.makeId);
  const nowOf = (site: string): number => summaries.find(({ run }) => run.site === site)?.run.now ?? 0;
  const shownNames = new Map<string, ReadonlyMap<string, string>>();
  for (const [site, ofSite] of Map.groupBy(shown, (each) => each.site)) {
    const keys = ofSite.flatMap(({ findings: [first] }) => [first.patient ?? "", first.team]).filter((key) => key.includes("/"));
    shownNames.set(site, await readShownNames(db, site, keys));
  }
  const names = sites.map(({ title, config }) => `${config.name} is ${title}`);
  const text = [
    `Nobody followed these through (${cases.length} cases${cases.length > shown.length ? `, the ${shown.length} most urgent of them` : ""}):`,
    showWorklist(shown, nowOf, (site, key) => shownNames.get(site)?.get(key) ?? key),
    "",
    `What was seen, and what was not (${names.join("; ")}):`,
    ...summaries.flatMap((summary) => showSight(summary, sites)),
    "",
    ...showUnknowns(await listUnknowns(db, commandLineViewer, {})),
  ].join("\n");
  return { text, firstFinding: shown[0]?.findings[0].id };
}

function showSight(summary: ScanSummary, sites: readonly DemoSite[]): string[] {
  const { run, feeds } = summary;
  const read = feeds.reduce((sum, feed) => sum + feed.read, 0);
  const config = sites.find((site) => site.config.name === run.site)?.config;
  const lines = notSeen(summary, config ? enabledSignals(config).map(({ id }) => id) : []);
  const watched = run.watchFrom === undefined ? "" : `watched from ${showInstant(run.watchFrom)} to ${showInstant(run.now)}: `;
  return [
    `  ${run.site}, ${read} resources, ${watched}${lines.length === 0 ? "all that the signals need was seen." : "not whole."}`,
    ...lines.map((line) => `      ${line}`),
  ];
}

/** While it serves, the database is the demo's own: commands come after. */
export function showWhereToLook(url: string, firstFinding: string | undefined, folder: string, env: Runtime["env"]): string {
  const pages = [
    ["/", "the worklist"],
    ...(firstFinding === undefined ? [] : [[`/findings/${firstFinding}`, "the most urgent of it, with its evidence"]]),
    ["/feeds", "what was seen, and what was not"],
    ["/api/", "the same for programs"],
  ];
  const environment = [...(env["DATABASE_URL"] ? ["DATABASE_URL="] : []), `FOLLOWTHROUGH_DATA=${folder}`].join(" ");
  return [
    "",
    "Look at it in a browser:",
    ...pages.map(([path, shows]) => `  ${`${url}${path ?? ""}`.padEnd(70)} ${shows ?? ""}`),
    "",
    `Stop with Ctrl+C. Its database stays for the command line, for example:\n  ${environment} ${commandLine} doctor --site south`,
  ].join("\n");
}
