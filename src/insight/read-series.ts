import { judgeHours, judgePeriods } from "../detect/judge-series.ts";
import { knownPeriods } from "../detect/known-periods.ts";
import type { Instant, Interval } from "../domain/instant.ts";
import { covers, intersect } from "../domain/interval.ts";
import type { JudgedPeriod, SeriesSignal } from "../domain/series.ts";
import { runLength } from "../domain/spc.ts";
import { makeOffsets, wholePeriods } from "../domain/wall-clock.ts";
import type { Db } from "../store/db.ts";
import { readHourCounts } from "../store/feed-hour.ts";
import { readReadFeeds } from "../store/feed-read.ts";
import { findSeriesJudged } from "../store/series-judged.ts";
import { readMeasured } from "../store/series-period.ts";
import type { Site } from "../store/site.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const weekMs = 7 * dayMs;
/** How much a chart shows: a week of hours, a quarter of days, a year of weeks or of rare events. */
const shownMs = { hour: weekMs, day: 13 * weekMs, week: 52 * weekMs } as const;

/** A series as a chart shows it: judged as a scan would judge it. */
export interface ShownSeries {
  readonly window: Interval;
  /** Those that were read whole and have a number, in order of time. */
  readonly periods: readonly JudgedPeriod[];
  /** Of so many periods that lie in the window and are over. */
  readonly over: number;
  /** What of the window was not read, period by period. */
  readonly unread: readonly Interval[];
  /** The numbers are days between events, which are rare here. */
  readonly areDaysBetween: boolean;
  /** Values of the window whose unit does not convert, and mere bounds. */
  readonly leftOut: number;
  /** How much of the history before the end was read, of how much it needs, in milliseconds. */
  readonly history: { readonly hasMs: number; readonly needsMs: number };
}

interface Asked {
  /** Where the chart ends; absent: as at when the site was judged. */
  readonly until?: Instant | undefined;
  readonly timeZone: string;
}

/** Reads and judges the hours of a feed within a week; nothing is written. */
export async function readFeedSeries(
  db: Db,
  { siteId, judgedAt = 0 }: Site,
  { series }: SeriesSignal,
  feed: { readonly source: string; readonly type: string },
  { until, timeZone }: Asked,
): Promise<ShownSeries> {
  const to = Math.ceil(Math.min(until ?? judgedAt, judgedAt) / hourMs) * hourMs;
  const window = { from: to - shownMs.hour, to };
  const reach = { from: window.from - series.historyMs - hourMs, to };
  const seen = (await readReadFeeds(db, siteId, [feed], reach)).values().next().value ?? [];
  const counts = await readHourCounts(db, siteId, feed, seen, reach);
  const periods = judgeHours(series, counts, window, makeOffsets(timeZone));
  return {
    window,
    periods,
    over: shownMs.hour / hourMs,
    unread: without(periods, window),
    areDaysBetween: false,
    leftOut: 0,
    history: { hasMs: lengthOf(intersect([{ from: to - series.historyMs, to }], seen)), needsMs: series.needs * weekMs },
  };
}

/** Reads and judges what was measured of a site, as at its last judgement; undefined where the series was never judged there. */
export async function readValueSeries(
  db: Db,
  { siteId }: Site,
  { id, series }: SeriesSignal,
  { until, timeZone }: Asked,
): Promise<ShownSeries | undefined> {
  const judged = await findSeriesJudged(db, siteId, id);
  if (!judged) return undefined;
  const now = Math.min(until ?? judged.at, judged.at);
  const seen = (judged.with.read[""] ?? []).map(([from, to]) => ({ from, to }));
  const per = series.per === "week" ? "week" : "day";
  const reach = { from: now - shownMs.week - Math.max(series.historyMs, series.rare?.historyMs ?? 0), to: now };
  const measured = await readMeasured(db, { siteId, signal: id }, reach);
  const known = knownPeriods(series, measured, { seen, ...reach, now, timeZone });
  const { numbers, daysBetween, isRare } = judgePeriods(series, known);
  const ends = wholePeriods({ from: now - (isRare ? shownMs.week : shownMs[per]), to: now }, per, timeZone);
  const window = { from: ends[0]?.from ?? now, to: ends.at(-1)?.to ?? now };
  const isShown = ({ from, to }: Interval): boolean => to > window.from && from < window.to;
  const periodMs = per === "week" ? weekMs : dayMs;
  const history = known.filter(({ from, value }) => (isRare || value !== undefined) && from >= now - series.historyMs);
  return {
    window,
    periods: (isRare ? daysBetween : numbers).filter(isShown),
    over: ends.length,
    unread: ends.filter((period) => !covers(seen, period)),
    areDaysBetween: isRare,
    leftOut: known.filter(isShown).reduce((sum, { leftOut }) => sum + leftOut, 0),
    history: { hasMs: history.length * periodMs, needsMs: (series.needs + runLength) * periodMs },
  };
}

function without(periods: readonly Interval[], window: Interval): Interval[] {
  const ends = [window.from, ...periods.map(({ to }) => to)];
  const starts = [...periods.map(({ from }) => from), window.to];
  return ends.flatMap((from, index) => {
    const to = starts[index] ?? from;
    return from < to ? [{ from, to }] : [];
  });
}

function lengthOf(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, { from, to }) => sum + (to - from), 0);
}
