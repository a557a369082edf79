import type { Instant, Interval } from "../domain/instant.ts";
import { intersect } from "../domain/interval.ts";
import type { SeriesSignal } from "../domain/series.ts";
import { runLength } from "../domain/spc.ts";
import { seriesFeeds } from "../signals/series-feeds.ts";

const dayMs = 86_400_000;
const weekMs = 7 * dayMs;

/** Whether a series of feeds runs at a site, and with how much history. */
export interface SeriesReadiness {
  readonly id: string;
  readonly version: number;
  readonly isOn: boolean;
  /** `waits`: for some feed the history that was read is shorter than the series needs. */
  readonly state: "runs" | "waits" | "cannot-run";
  readonly says: string;
}

/** @param read what was read of each feed, by its name as people are told it */
export function judgeSeriesReadiness(
  { id, version, series }: SeriesSignal,
  isOn: boolean,
  read: ReadonlyMap<string, readonly Interval[]>,
  now: Instant,
): SeriesReadiness {
  const history = [{ from: now - series.historyMs, to: now }];
  const days = [...read].map(([feed, seen]) => ({ feed, days: Math.floor(lengthOf(intersect(history, seen)) / dayMs) }));
  const needs = (series.needs * weekMs) / dayMs;
  const short = days.filter((each) => each.days < needs).sort((a, b) => a.days - b.days);
  const head = { id, version, isOn };
  if (days.length === 0) return { ...head, state: "cannot-run", says: "Nothing has been read here." };
  const enough = `${String(days.length - short.length)} of ${String(days.length)} feeds have the ${String(needs)} days of history that it needs`;
  if (short.length === 0) return { ...head, state: "runs", says: `${enough}.` };
  const most = short.slice(0, 3).map((each) => `${each.feed} has ${String(each.days)}`);
  const more = short.length > most.length ? ` and ${String(short.length - most.length)} more have less` : "";
  return { ...head, state: "waits", says: `${enough}; ${most.join(", ")}${more}.` };
}

/**
 * The same of a series of values.
 * @param seen what was seen of every feed that could carry its values; undefined where the site has none of them
 */
export function judgeValueReadiness(
  { id, version, series }: SeriesSignal,
  isOn: boolean,
  seen: readonly Interval[] | undefined,
  now: Instant,
): SeriesReadiness {
  const head = { id, version, isOn };
  const types = seriesFeeds(series).join(" or ");
  if (seen === undefined)
    return { ...head, state: "cannot-run", says: `Nothing that is read here carries its values: export ${types} as well, and scan again.` };
  const needs = ((series.needs + runLength) * (series.per === "week" ? weekMs : dayMs)) / dayMs;
  const days = Math.floor(lengthOf(intersect([{ from: now - series.historyMs, to: now }], seen)) / dayMs);
  return {
    ...head,
    state: days >= needs ? "runs" : "waits",
    says: `${types} was read for ${String(days)} days; it needs ${String(needs)}.`,
  };
}

function lengthOf(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, { from, to }) => sum + (to - from), 0);
}
