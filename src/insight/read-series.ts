import { judgeHours } from "../detect/judge-series.ts";
import type { Instant, Interval } from "../domain/instant.ts";
import { intersect } from "../domain/interval.ts";
import type { JudgedPeriod, SeriesSignal } from "../domain/series.ts";
import { makeOffsets } from "../domain/wall-clock.ts";
import type { Db } from "../store/db.ts";
import { readHourCounts } from "../store/feed-hour.ts";
import { readReadFeeds } from "../store/feed-read.ts";
import type { Site } from "../store/site.ts";

const hourMs = 3_600_000;
const weekMs = 168 * hourMs;

/** A series of one feed as a chart shows it: judged as a scan would judge it. */
export interface ShownSeries {
  /** Those that were read whole, in order of time. */
  readonly periods: readonly JudgedPeriod[];
  /** How much of the history before the end was read, of how much it needs, in milliseconds. */
  readonly history: { readonly hasMs: number; readonly needsMs: number };
}

/** Reads and judges the hours of a feed within a window; nothing is written. */
export async function readFeedSeries(
  db: Db,
  { siteId }: Site,
  { series }: SeriesSignal,
  feed: { readonly source: string; readonly type: string },
  { window, timeZone }: { readonly window: Interval; readonly timeZone: string },
): Promise<ShownSeries> {
  const reach = { from: window.from - series.historyMs - hourMs, to: window.to };
  const seen = (await readReadFeeds(db, siteId, [feed], reach)).values().next().value ?? [];
  const counts = await readHourCounts(db, siteId, feed, seen, reach);
  return {
    periods: judgeHours(series, counts, window, makeOffsets(timeZone)),
    history: { hasMs: lengthOf(intersect([{ from: window.to - series.historyMs, to: window.to }], seen)), needsMs: series.needs * weekMs },
  };
}

function lengthOf(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, { from, to }) => sum + (to - from), 0);
}

/** The end of what a chart shows: as at when the site was judged, unless another is asked for. */
export function chartWindow(judgedAt: Instant, until: Instant | undefined): Interval {
  const to = Math.ceil(Math.min(until ?? judgedAt, judgedAt) / hourMs) * hourMs;
  return { from: to - weekMs, to };
}
