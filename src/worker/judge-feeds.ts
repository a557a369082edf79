import type { Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import type { SeriesJudgedWith } from "../db/series-tables.ts";
import { withTransaction } from "../db/transaction.ts";
import { judgeHour, weeksAfter, type OffsetAt } from "../detect/judge-hour.ts";
import type { Instant, Interval } from "../domain/instant.ts";
import { differences } from "../domain/interval.ts";
import { wholeHours } from "../domain/wall-clock.ts";
import type { JudgedPeriod, SeriesSignal } from "../domain/series.ts";
import { dropAlarms, replaceAlarms } from "../store/alarm.ts";
import { listFeeds } from "../store/coverage.ts";
import { clearChangedHours, listChangedHours, readHourCounts } from "../store/feed-hour.ts";
import { readReadFeeds } from "../store/feed-read.ts";
import { findSeriesJudged, writeSeriesJudged } from "../store/series-judged.ts";

const hourMs = 3_600_000;

export interface JudgedFeeds {
  readonly siteId: number;
  readonly site: string;
  readonly now: Instant;
  /** The retention line: a period is judged where its whole history lies after it. */
  readonly line: Instant;
  readonly offsetAt: OffsetAt;
  /** Judge every hour, from nothing but what is held. */
  readonly everything: boolean;
}

interface Judged {
  readonly feed: { readonly source: string; readonly type: string };
  readonly starts: readonly Instant[];
  /** Of these those that break a rule: of years of hours hardly any, and nothing is written of the others. */
  readonly broken: readonly JudgedPeriod[];
}

/**
 * Judges the hours of every feed that may have changed: those that were written or read since, and those that rest on them.
 * So its cost follows the change, and it ends as judging everything would.
 */
export async function judgeFeeds(
  db: Kysely<Database>,
  site: JudgedFeeds,
  signals: readonly { readonly signal: SeriesSignal; readonly settings: string }[],
): Promise<void> {
  const { siteId, now, line } = site;
  const feeds = await listFeeds(db, siteId);
  const read = await readReadFeeds(db, siteId, feeds, { from: line, to: now });
  const changed = Map.groupBy(await listChangedHours(db, siteId), keyOf);
  const written: { signal: SeriesSignal; from: Instant; settings: string; judged: Judged[] }[] = [];
  for (const { signal, settings } of signals) {
    const from = line + signal.series.historyMs;
    const before = await findSeriesJudged(db, siteId, signal.id);
    const anew = site.everything || !before || before.with.settings !== settings || now < before.at;
    const judged: Judged[] = [];
    for (const feed of feeds) {
      const seen = read.get(keyOf(feed)) ?? [];
      // Every hour that was read rests on hours that were: none need be looked for.
      const hours = anew
        ? inOrder(seen.flatMap(wholeHours))
        : restingOn(
            signal,
            [...(changed.get(keyOf(feed)) ?? []).map(({ at }) => at), ...hoursOf(differences(toIntervals(before.with, feed), seen))],
            site.offsetAt,
          );
      const starts = hours.filter((hour) => hour >= from && hour < now);
      if (starts.length === 0) continue;
      const broken = await judge(db, site, signal, feed, seen, starts);
      // Where everything is judged anew all alarms are dropped before.
      judged.push({ feed, starts: anew ? [] : starts, broken });
    }
    written.push({ signal, from: anew ? Infinity : from, settings, judged });
  }
  const readNow = Object.fromEntries([...read].map(([key, intervals]) => [key, intervals.map(({ from, to }) => [from, to] as const)]));
  await withTransaction(db, async (transaction) => {
    for (const { signal, from, settings, judged } of written) {
      await dropAlarms(transaction, siteId, signal.id, from);
      for (const { feed, starts, broken } of judged)
        await replaceAlarms(transaction, { siteId, site: site.site, signal: signal.id, ...feed }, starts, broken);
      await writeSeriesJudged(transaction, siteId, signal.id, now, { settings, read: readNow });
    }
    await clearChangedHours(transaction, siteId);
  });
}

async function judge(
  db: Kysely<Database>,
  { siteId, offsetAt }: JudgedFeeds,
  { series }: SeriesSignal,
  feed: Judged["feed"],
  seen: readonly Interval[],
  starts: readonly Instant[],
): Promise<JudgedPeriod[]> {
  const window = {
    from: starts.reduce((least, each) => Math.min(least, each)) - series.historyMs - hourMs,
    to: (starts.at(-1) ?? 0) + hourMs,
  };
  const counts = await readHourCounts(db, siteId, feed, seen, window);
  return starts.flatMap((hour) => {
    const period = judgeHour(series, counts, hour, offsetAt);
    return period && period.breaks.length > 0 ? [period] : [];
  });
}

/** These hours and those whose history they are, in order. */
function restingOn({ series }: SeriesSignal, hours: readonly Instant[], offsetAt: OffsetAt): Instant[] {
  return inOrder(hours.flatMap((hour) => [hour, ...weeksAfter(hour, series.historyMs, offsetAt)]));
}

function inOrder(hours: readonly Instant[]): Instant[] {
  return [...new Set(hours)].sort((a, b) => a - b);
}

/** Every hour that these touch. */
function hoursOf(intervals: readonly Interval[]): Instant[] {
  return intervals.flatMap(({ from, to }) => wholeHours({ from: Math.floor(from / hourMs) * hourMs, to: Math.ceil(to / hourMs) * hourMs }));
}

function toIntervals({ read }: SeriesJudgedWith, feed: Judged["feed"]): Interval[] {
  return (read[keyOf(feed)] ?? []).map(([from, to]) => ({ from, to }));
}

/** Neither a source nor a type has a space in it. */
function keyOf({ source, type }: Judged["feed"]): string {
  return `${source} ${type}`;
}
