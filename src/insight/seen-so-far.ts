import type { ScanSummary } from "../domain/scan-summary.ts";
import { showInstant, showIntervals } from "../domain/show-times.ts";
import type { Db } from "../store/db.ts";
import { listSeenSites, type SeenSite } from "./seen-sites.ts";

/** Up to when the records were seen, and what was not: one line a site, and more where something was not. */
export interface SeenSoFar {
  readonly lines: readonly string[];
  /** Something that a signal needs could not be seen: what is not listed may have been missed all the same. */
  readonly isIncomplete: boolean;
  readonly isScanned: boolean;
}

export async function readSeenSoFar({ db }: { readonly db: Db }, wanted: readonly string[] | undefined): Promise<SeenSoFar> {
  const sites = await listSeenSites(db, wanted);
  return {
    lines: sites.flatMap(siteLines),
    isIncomplete: sites.some(({ judged, failedAt }) => !judged?.isWhole || failedAt !== undefined),
    isScanned: sites.some(({ judged }) => judged !== undefined),
  };
}

function siteLines({ site, judged, failedAt }: SeenSite): string[] {
  if (!judged) return [`${site}: never judged, so nothing is known.`];
  const whole = judged.isWhole ? "everything that the signals need was read" : "NOT everything was read";
  const failed = failedAt === undefined ? "" : "; a later scan FAILED";
  return [`${site}: judged as at ${showInstant(judged.at)}; ${whole}${failed}.`, ...gapLines(judged.summary)];
}

/** Feeds that were not seen in the same intervals share a line. */
function gapLines(summary: ScanSummary | null): string[] {
  const blind = (summary?.feeds ?? []).filter((feed) => feed.gaps.length > 0);
  return [...Map.groupBy(blind, (feed) => showIntervals(feed.gaps))].map(
    ([when, feeds]) => `  not seen: ${[...new Set(feeds.map((feed) => feed.type))].join(", ")}, ${when}`,
  );
}
