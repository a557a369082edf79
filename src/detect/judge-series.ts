import type { Instant, Interval } from "../domain/instant.ts";
import type { JudgedPeriod, SeriesTemplate } from "../domain/series.ts";
import { wholeHours } from "../domain/wall-clock.ts";
import { judgeHour, type HourCounts, type OffsetAt } from "./judge-hour.ts";
import { judgePeriod, type NumberedPeriod } from "./judge-period.ts";

/** Judges every known hour that begins within an interval. */
export function judgeHours(template: SeriesTemplate, counts: HourCounts, { from, to }: Interval, offsetAt: OffsetAt): JudgedPeriod[] {
  return wholeHours({ from, to }).flatMap((hour) => judgeHour(template, counts, hour, offsetAt) ?? []);
}

/** Judges those of the numbered periods, in order of time, that begin at `from` or later. */
export function judgeDays(template: SeriesTemplate, periods: readonly NumberedPeriod[], from: Instant): JudgedPeriod[] {
  let first = 0;
  return periods.flatMap((period, index) => {
    while ((periods[first]?.from ?? period.from) < period.from - template.historyMs) first += 1;
    return period.from < from ? [] : (judgePeriod(template, periods.slice(first, index + 1)) ?? []);
  });
}
