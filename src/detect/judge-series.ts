import type { Interval } from "../domain/instant.ts";
import type { JudgedPeriod, SeriesTemplate } from "../domain/series.ts";
import { wholeHours } from "../domain/wall-clock.ts";
import { judgeHour, type HourCounts, type OffsetAt } from "./judge-hour.ts";
import { isBefore, judgePeriod, type KnownPeriod, type NumberedPeriod } from "./judge-period.ts";
import { judgeRare, tellRare } from "./judge-rare.ts";

/** Judges every known hour that begins within an interval. */
export function judgeHours(template: SeriesTemplate, counts: HourCounts, { from, to }: Interval, offsetAt: OffsetAt): JudgedPeriod[] {
  return wholeHours({ from, to }).flatMap((hour) => judgeHour(template, counts, hour, offsetAt) ?? []);
}

/** Judges known periods, in order of time, against those before them: by their numbers, and where events are rare by the days between them. */
export function judgePeriods(
  template: SeriesTemplate,
  periods: readonly KnownPeriod[],
): { readonly numbers: readonly JudgedPeriod[]; readonly daysBetween: readonly JudgedPeriod[]; readonly isRare: boolean } {
  const isRare = template.rare ? tellRare(template, periods) : [];
  const numbered = periods.flatMap(({ from, to, value }, index) =>
    value === undefined ? [] : [{ from, to, value, isRare: isRare[index] ?? false }],
  );
  return { numbers: judgeNumbers(template, numbered), daysBetween: judgeRare(template, periods, isRare), isRare: isRare.at(-1) ?? false };
}

/** A number where events are rare is one of many zeros, and is not judged. */
function judgeNumbers(template: SeriesTemplate, periods: readonly (NumberedPeriod & { readonly isRare: boolean })[]): JudgedPeriod[] {
  let first = 0;
  return periods.flatMap((period, index) => {
    while (isBefore(periods[first] ?? period, period.from - template.historyMs)) first += 1;
    const { from, to, value, isRare } = period;
    return isRare ? { from, to, value, breaks: [] } : (judgePeriod(template, periods.slice(first, index + 1)) ?? []);
  });
}

/** What breaks a rule without a break is one alarm: from its first period to its last, with the number that raised it. */
export function joinBroken(judged: readonly JudgedPeriod[]): JudgedPeriod[] {
  const runs: JudgedPeriod[] = [];
  let isGoingOn = false;
  for (const period of judged) {
    const last = runs.at(-1);
    if (period.breaks.length === 0) isGoingOn = false;
    else if (isGoingOn && last)
      runs[runs.length - 1] = { ...last, to: period.to, breaks: [...new Set([...last.breaks, ...period.breaks])] };
    else {
      runs.push(period);
      isGoingOn = true;
    }
  }
  return runs;
}
