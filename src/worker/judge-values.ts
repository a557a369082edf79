import type { Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { withTransaction } from "../db/transaction.ts";
import { joinBroken, judgePeriods } from "../detect/judge-series.ts";
import { lookBackOf, measurePeriod } from "../detect/measure-period.ts";
import type { Instant, Interval } from "../domain/instant.ts";
import { intersect } from "../domain/interval.ts";
import type { SeriesSignal } from "../domain/series.ts";
import { wholePeriods } from "../domain/wall-clock.ts";
import { knownPeriods } from "../detect/known-periods.ts";
import { replaceAllAlarms } from "../store/alarm.ts";
import { clearHoursToMeasure, listHoursToMeasure } from "../store/changed-hour.ts";
import { findFirstMeasured, readMeasuredEvents } from "../store/measured-event.ts";
import { findSeriesJudged, writeSeriesJudged } from "../store/series-judged.ts";
import { dropMeasured, forgetMeasured, readMeasured, replaceMeasured } from "../store/series-period.ts";

const hourMs = 3_600_000;

export interface JudgedValues {
  readonly siteId: number;
  readonly site: string;
  readonly timeZone: string;
  readonly now: Instant;
  /** The retention line: nothing before it is measured, and a period is judged where its whole history lies after it. */
  readonly line: Instant;
  /** Measure and judge every period, from nothing but what is held. */
  readonly everything: boolean;
}

interface ValueSeries {
  readonly signal: SeriesSignal;
  readonly settings: string;
  /** What was seen of every feed that could carry what it measures. */
  readonly seen: readonly Interval[];
}

/**
 * Measures the periods in which something came or went, and those that have ended since, and judges all: to judge the
 * numbers of two years takes milliseconds, to measure them would not. Each period is committed by itself; the hours that
 * changed are forgotten with the judgement, so that whoever is interrupted measures again.
 */
export async function judgeValues(db: Kysely<Database>, site: JudgedValues, series: readonly ValueSeries[]): Promise<void> {
  const { siteId, now } = site;
  const changed = series.length === 0 ? [] : await listHoursToMeasure(db, siteId);
  for (const each of series) await measure(db, site, each, changed);
  await withTransaction(db, async (transaction) => {
    for (const { signal, settings, seen } of series) {
      const id = { siteId, signal: signal.id };
      await dropMeasured(transaction, id, site.line);
      // What lies before the line is not held: a chart must not take it for empty.
      const read = intersect(seen, [{ from: site.line, to: now }]).map(({ from, to }) => [from, to] as const);
      const measured = await readMeasured(transaction, id, { from: site.line, to: now });
      const known = knownPeriods(signal.series, measured, { seen, from: site.line, now, timeZone: site.timeZone });
      const { numbers, daysBetween } = judgePeriods(signal.series, known);
      const { historyMs, rare } = signal.series;
      const broken = [
        ...joinBroken(numbers.filter(({ from }) => from >= site.line + historyMs)),
        ...joinBroken(daysBetween.filter(({ from }) => from >= site.line + Math.max(historyMs, rare?.historyMs ?? 0))),
      ];
      await replaceAllAlarms(transaction, { siteId, site: site.site, signal: signal.id, source: "", type: "" }, broken);
      await writeSeriesJudged(transaction, siteId, signal.id, now, { settings, read: { "": read } });
    }
    await clearHoursToMeasure(transaction, siteId);
  });
}

async function measure(
  db: Kysely<Database>,
  { siteId, now, line, timeZone, everything }: JudgedValues,
  { signal: { id, series }, settings }: ValueSeries,
  changed: readonly Instant[],
): Promise<void> {
  const before = await findSeriesJudged(db, siteId, id);
  const anew = everything || !before || before.with.settings !== settings || now < before.at;
  if (anew) await forgetMeasured(db, { siteId, signal: id });
  const lookBackMs = lookBackOf(series.number);
  // What changed in an hour changes the periods that look back to it.
  const touched = changed.map((from) => ({ from, to: from + hourMs + lookBackMs }));
  const first = anew ? await findFirstMeasured(db, siteId, { from: line, to: now }) : line;
  if (first === undefined) return;
  const periods = wholePeriods({ from: line, to: now }, series.per === "week" ? "week" : "day", timeZone).filter(({ from, to }) =>
    anew ? to > first : to > before.at || touched.some((each) => each.from < to && from < each.to),
  );
  for (const period of periods) {
    const events = await readMeasuredEvents(db, siteId, { from: Math.max(line, period.from - lookBackMs), to: period.to });
    const measured = { ...period, ...measurePeriod(series.number, events, period) };
    await withTransaction(db, (transaction) => replaceMeasured(transaction, { siteId, signal: id }, measured));
  }
}
