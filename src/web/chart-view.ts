import type { Interval } from "../domain/instant.ts";
import type { JudgedPeriod } from "../domain/series.ts";

/** A control chart in a box of 1000 by 300: what a template draws. Words and numbers stand outside it, so that they stay readable. */
export interface ChartView {
  /** Each stretch without a gap, as the points of a polyline. */
  readonly values: readonly string[];
  readonly centres: readonly string[];
  /** Between the limits, as polygons. */
  readonly bands: readonly string[];
  readonly alarms: readonly { readonly x: number; readonly y: number; readonly width: number }[];
  readonly unread: readonly { readonly x: number; readonly width: number }[];
  readonly most: number;
  readonly least: number;
}

const width = 1000;
const height = 300;

/** @param isLevel drawn where its numbers lie, and not from nothing up: a mean has no zero that matters */
export function viewChart(periods: readonly JudgedPeriod[], window: Interval, unread: readonly Interval[], isLevel = false): ChartView {
  const numbers = periods.flatMap(({ value, limits }) => (limits ? [value, limits.upper, limits.lower] : [value]));
  // A count below nothing is none; a mean is drawn where it lies.
  const least = isLevel && numbers.length > 0 ? Math.min(...numbers) : Math.min(...periods.map(({ value }) => value), 0);
  const most = Math.max(...numbers, isLevel ? -Infinity : least + 1);
  const x = (at: number): number => Math.round((10 * width * (at - window.from)) / (window.to - window.from)) / 10;
  const y = (value: number): number => Math.round(10 * height * (1 - (Math.max(value, least) - least) / (most - least || 1))) / 10;
  const middle = ({ from, to }: Interval): number => x((from + to) / 2);
  const runs = stretches(periods);
  const judged = runs.flatMap((run) => stretches(run.filter(({ limits }) => limits)));
  const line = (run: readonly JudgedPeriod[], of: (period: JudgedPeriod) => number): string =>
    run.map((period) => `${middle(period)},${y(of(period))}`).join(" ");
  return {
    values: runs.map((run) => line(run, ({ value }) => value)),
    centres: judged.map((run) => line(run, ({ limits }) => limits?.centre ?? 0)),
    bands: judged.map(
      (run) => `${line(run, ({ limits }) => limits?.upper ?? 0)} ${line(run.toReversed(), ({ limits }) => limits?.lower ?? 0)}`,
    ),
    alarms: periods
      .filter(({ breaks }) => breaks.length > 0)
      .map((period) => ({ x: x(period.from), y: y(period.value), width: Math.max(4, x(period.to) - x(period.from)) })),
    unread: unread.map(({ from, to }) => ({ x: x(from), width: x(to) - x(from) })),
    most,
    least,
  };
}

/** Split where a period is missing. */
function stretches(periods: readonly JudgedPeriod[]): JudgedPeriod[][] {
  const runs: JudgedPeriod[][] = [];
  for (const period of periods) {
    const last = runs.at(-1);
    if (last?.at(-1)?.to === period.from) last.push(period);
    else runs.push([period]);
  }
  return runs;
}
