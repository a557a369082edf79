import type { KnownPeriod } from "../detect/judge-period.ts";
import { joinBroken, judgeHours, judgePeriods } from "../detect/judge-series.ts";
import { knownPeriods } from "../detect/known-periods.ts";
import { lookBackOf, measurePeriod } from "../detect/measure-period.ts";
import type { Instant } from "../domain/instant.ts";
import { covers, subtract } from "../domain/interval.ts";
import type { JudgedPeriod, SeriesTemplate } from "../domain/series.ts";
import { makeOffsets, wholePeriods } from "../domain/wall-clock.ts";
import type { SeriesExample } from "./compile-series.ts";
import type { SeriesFile } from "./parse-series.ts";

/** The zone of a site that names none. */
const timeZone = "Europe/London";
const offsetAt = makeOffsets(timeZone);
const hourMs = 3_600_000;
const weekMs = 168 * hourMs;

/** Lets detection itself judge the numbers of an example, or measure its events: the same code that judges a hospital. */
export function runSeriesExample(
  { signal: { series } }: Pick<SeriesFile, "signal">,
  example: SeriesExample,
): { readonly passed: boolean; readonly explanation: string } {
  const expected = example.measured
    ? example.measured.map(showMeasured)
    : (example.alarms ?? []).map(({ from, breaks }) => `${shown(from)}: ${breaks.join(", ")}`);
  const actual = example.measured
    ? measure(series, example).map(showMeasured)
    : judge(series, example).flatMap(({ from, breaks }) => (breaks.length > 0 ? [`${shown(from)}: ${breaks.join(", ")}`] : []));
  const lines = (each: readonly string[]): string[] => (each.length === 0 ? ["  nothing"] : each.map((line) => `  ${line}`));
  return {
    passed: expected.join("\n") === actual.join("\n"),
    explanation: ["expected:", ...lines(expected), "detected:", ...lines(actual)].join("\n"),
  };
}

/** The numbers that are known of the periods in which anything happened. */
function measure(series: SeriesTemplate, { events, gaps, now }: SeriesExample): { from: Instant; value: number; leftOut: number }[] {
  const first = Math.min(...events.map(({ at }) => at)) - weekMs;
  const measured = new Map(
    wholePeriods({ from: first, to: now }, series.per === "week" ? "week" : "day", timeZone).map((period) => {
      const seen = events.filter(({ at }) => at >= period.from - lookBackOf(series.number) && at < period.to);
      return [period.from, measurePeriod(series.number, seen, period)] as const;
    }),
  );
  const seen = subtract([{ from: first, to: now }], gaps);
  return knownPeriods(series, measured, { seen, from: first, now, timeZone }).flatMap(({ from, value, leftOut }) =>
    value === undefined ? [] : [{ from, value, leftOut }],
  );
}

function judge(series: SeriesTemplate, { numbers, areCounts, gaps, now }: SeriesExample): readonly JudgedPeriod[] {
  const window = { from: Math.min(...numbers.keys()), to: now };
  const read = subtract([window], gaps);
  if (series.against === "itself") {
    const known = knownPeriods(series, new Map(), { seen: read, ...window, now, timeZone }).map(({ from, to }): KnownPeriod => {
      const value = numbers.get(from) ?? (areCounts ? 0 : undefined);
      return { from, to, ...(value !== undefined && { value, ...(areCounts && { count: value }) }) };
    });
    const judged = judgePeriods(series, known);
    return [...joinBroken(judged.numbers), ...joinBroken(judged.daysBetween)];
  }
  const countAt = (hour: Instant): number => numbers.get(hour) ?? 0;
  const counts = {
    countAt,
    isHeard: (hour: Instant) => countAt(hour) > 0,
    isKnown: (hour: Instant) => covers(read, { from: hour, to: hour + hourMs }),
  };
  return judgeHours(series, counts, window, offsetAt);
}

function showMeasured({ from, value, leftOut }: { readonly from: Instant; readonly value: number; readonly leftOut: number }): string {
  return `${shown(from)}: ${rounded(value)}${leftOut === 0 ? "" : `, ${String(leftOut)} left out`}`;
}

function shown(at: Instant): string {
  return new Date(at).toISOString().replace(/:00\.000Z$/, "Z");
}

function rounded(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
