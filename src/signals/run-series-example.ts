import { judgeDays, judgeHours } from "../detect/judge-series.ts";
import { measurePeriod, numberOf } from "../detect/measure-period.ts";
import type { Instant, Interval } from "../domain/instant.ts";
import { covers, subtract } from "../domain/interval.ts";
import type { JudgedPeriod, SeriesTemplate } from "../domain/series.ts";
import { dayOf, makeOffsets, wholeDays } from "../domain/wall-clock.ts";
import type { SeriesExample } from "./compile-series.ts";
import type { SeriesFile } from "./parse-series.ts";

/** The zone of a site that names none. */
const timeZone = "Europe/London";
const offsetAt = makeOffsets(timeZone);
const hourMs = 3_600_000;

/** Lets detection itself judge the numbers of an example, or measure its events: the same code that judges a hospital. */
export function runSeriesExample(
  { signal: { series } }: Pick<SeriesFile, "signal">,
  example: SeriesExample,
): { readonly passed: boolean; readonly explanation: string } {
  const expected = example.measured
    ? example.measured.map(({ from, value }) => `${shown(from)}: ${rounded(value)}`)
    : (example.alarms ?? []).map(({ from, breaks }) => `${shown(from)}: ${breaks.join(", ")}`);
  const actual = example.measured
    ? measure(series, example)
    : judge(series, example).flatMap(({ from, breaks }) => (breaks.length > 0 ? [`${shown(from)}: ${breaks.join(", ")}`] : []));
  const lines = (each: readonly string[]): string[] => (each.length === 0 ? ["  nothing"] : each.map((line) => `  ${line}`));
  return {
    passed: expected.join("\n") === actual.join("\n"),
    explanation: ["expected:", ...lines(expected), "detected:", ...lines(actual)].join("\n"),
  };
}

function measure(series: SeriesTemplate, { events, gaps, now }: SeriesExample): string[] {
  const first = dayOf(Math.min(...events.map(({ at }) => at)), timeZone);
  return knownDays({ from: first.from, to: now }, gaps).flatMap((day) => {
    const value = numberOf(series, measurePeriod(series.number, events, day));
    return value === undefined ? [] : [`${shown(day.from)}: ${rounded(value)}`];
  });
}

function judge(series: SeriesTemplate, { numbers, gaps, now }: SeriesExample): JudgedPeriod[] {
  const window = { from: Math.min(...numbers.keys()), to: now };
  if (series.against === "itself") {
    const periods = knownDays(window, gaps).flatMap(({ from, to }) => {
      const value = numbers.get(from);
      return value === undefined ? [] : [{ from, to, value }];
    });
    return judgeDays(series, periods, window.from);
  }
  const read = subtract([window], gaps);
  const countAt = (hour: Instant): number => numbers.get(hour) ?? 0;
  const counts = {
    countAt,
    isHeard: (hour: Instant) => countAt(hour) > 0,
    isKnown: (hour: Instant) => covers(read, { from: hour, to: hour + hourMs }),
  };
  return judgeHours(series, counts, window, offsetAt);
}

function knownDays(window: Interval, gaps: readonly Interval[]): Interval[] {
  const read = subtract([window], gaps);
  return wholeDays(window, timeZone).filter((day) => covers(read, day));
}

function shown(at: Instant): string {
  return new Date(at).toISOString().replace(/:00\.000Z$/, "Z");
}

function rounded(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
