import type { Connection } from "../db/connect.ts";
import { listRuns } from "../store/run.ts";
import { listSites } from "../store/site.ts";
import type { ScanSummary } from "../domain/scan-summary.ts";
import { showInstant, showIntervals } from "../domain/show-times.ts";

/** Up to when the records were seen, and what was not: one line a site, and more where something was not. */
export interface SeenSoFar {
  readonly lines: readonly string[];
  /** Something that a signal needs could not be seen: what is not listed may have been missed all the same. */
  readonly isIncomplete: boolean;
  readonly isScanned: boolean;
}

const runsLookedThrough = 100;

export async function readSeenSoFar({ db }: Pick<Connection, "db">, wanted: readonly string[] | undefined): Promise<SeenSoFar> {
  const sites = (await listSites(db)).filter((site) => wanted === undefined || wanted.includes(site.name));
  const lines: string[] = [];
  let isIncomplete = false;
  let isScanned = false;
  for (const site of sites) {
    const runs = await listRuns(db, site.siteId, runsLookedThrough);
    const judged = runs.find((run) => run.kind !== "pull" && (run.state === "complete" || run.state === "incomplete"));
    if (!judged || site.judgedAt === undefined) {
      lines.push(`${site.name}: never judged, so nothing is known.`);
      isIncomplete = true;
      continue;
    }
    isScanned = true;
    const later = runs.slice(0, runs.indexOf(judged)).some((run) => run.state === "failed" || run.state === "interrupted");
    const gaps = gapLines(judged.summary as ScanSummary | null);
    isIncomplete ||= later || judged.state === "incomplete";
    const whole = judged.state === "complete" ? "everything that the signals need was read" : "NOT everything was read";
    lines.push(`${site.name}: judged as at ${showInstant(site.judgedAt)}; ${whole}${later ? "; a later scan FAILED" : ""}.`, ...gaps);
  }
  return { lines, isIncomplete, isScanned };
}

/** Feeds that were not seen in the same intervals share a line. */
function gapLines(summary: ScanSummary | null): string[] {
  const blind = (summary?.feeds ?? []).filter((feed) => feed.gaps.length > 0);
  return [...Map.groupBy(blind, (feed) => showIntervals(feed.gaps))].map(
    ([when, feeds]) => `  not seen: ${[...new Set(feeds.map((feed) => feed.type))].join(", ")}, ${when}`,
  );
}
