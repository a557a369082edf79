import type { Instant, Interval } from "../domain/instant.ts";
import type { JudgedPeriod, SeriesTemplate } from "../domain/series.ts";
import { judgeHour, type HourCounts, type OffsetAt } from "./judge-hour.ts";
import { judgePeriod, type NumberedPeriod } from "./judge-period.ts";

const hourMs = 3_600_000;

/** Judges every known hour that begins within an interval. */
export function judgeHours(template: SeriesTemplate, counts: HourCounts, { from, to }: Interval, offsetAt: OffsetAt): JudgedPeriod[] {
  return wholeHours({ from, to }).flatMap((hour) => judgeHour(template, counts, hour, offsetAt) ?? []);
}

/** The starts of the hours that lie wholly in an interval. */
export function wholeHours({ from, to }: Interval): Instant[] {
  const first = Math.ceil(from / hourMs);
  const count = Math.max(0, Math.floor(to / hourMs) - first);
  return Array.from({ length: count }, (_, index) => (first + index) * hourMs);
}

/** Judges those of the numbered periods, in order of time, that begin at `from` or later. */
export function judgeDays(template: SeriesTemplate, periods: readonly NumberedPeriod[], from: Instant): JudgedPeriod[] {
  let first = 0;
  return periods.flatMap((period, index) => {
    while ((periods[first]?.from ?? period.from) < period.from - template.historyMs) first += 1;
    return period.from < from ? [] : (judgePeriod(template, periods.slice(first, index + 1)) ?? []);
  });
}
