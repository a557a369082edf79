/**
 * Statistical process control as NHS charts use it (NHS England, Making Data Count): an XmR chart, which judges each
 * number against the average of its own history and the average change from one number to the next.
 */

/** The line of the average and the two limits between which numbers vary by chance. */
export interface Limits {
  readonly centre: number;
  readonly lower: number;
  readonly upper: number;
}

/** On which side something stands out. */
export type Side = "high" | "low";

/** How many numbers in a row a shift or a trend takes. */
export const runLength = 7;

/** 3 / 1.128: three standard deviations, told from the mean moving range of two. */
const meanRangeFactor = 2.66;
/** The median absolute deviation of a normal distribution, made a standard deviation. */
const madFactor = 1.4826;

/** Mean ± 2.66 × mean moving range, of numbers in order of time; undefined where there are fewer than two. */
export function xmrLimits(values: readonly number[]): Limits | undefined {
  if (values.length < 2) return undefined;
  const centre = mean(values);
  const reach = meanRangeFactor * mean(values.slice(1).map((value, index) => Math.abs(value - (values[index] ?? value))));
  return { centre, lower: centre - reach, upper: centre + reach };
}

/**
 * Limits of counts that a few wild ones among them do not move: median ± 3 standard deviations, told from the median
 * absolute deviation, and never nearer than counts scatter by chance alone (the square root of their number). Undefined
 * where there are none. Up to just under half of the counts may be of outages.
 */
export function robustLimits(counts: readonly number[]): Limits | undefined {
  if (counts.length === 0) return undefined;
  const centre = median(counts);
  const spread = madFactor * median(counts.map((count) => Math.abs(count - centre)));
  const reach = 3 * Math.max(spread, Math.sqrt(centre));
  return { centre, lower: centre - reach, upper: centre + reach };
}

/**
 * Times between rare events follow no normal distribution, but to the power of 1/3.6 nearly do: so the t chart judges them
 * (Nelson 1994, of which `restored` is the way back; NHS England's Making Data Count charts rare events by the days between).
 */
export function evened(days: number): number {
  return days ** (1 / 3.6);
}

export function restored(value: number): number {
  return Math.max(0, value) ** 3.6;
}

/** A single point outside the limits; on a limit is inside. */
export function outside(value: number, { lower, upper }: Limits): Side | undefined {
  if (value > upper) return "high";
  return value < lower ? "low" : undefined;
}

/** The last `runLength` numbers all on one side of the average; one on it belongs to neither. */
export function shift(values: readonly number[], { centre }: Limits): Side | undefined {
  const last = values.slice(-runLength);
  if (last.length < runLength) return undefined;
  if (last.every((value) => value > centre)) return "high";
  return last.every((value) => value < centre) ? "low" : undefined;
}

/** The last `runLength` numbers each above the one before (`high`), or each below. */
export function trend(values: readonly number[]): Side | undefined {
  const last = values.slice(-runLength);
  if (last.length < runLength) return undefined;
  const steps = last.slice(1).map((value, index) => value - (last[index] ?? value));
  if (steps.every((step) => step > 0)) return "high";
  return steps.every((step) => step < 0) ? "low" : undefined;
}

/** The last number and at least one of the two before it in the outer third, or beyond the limit, on the same side. */
export function outerThird(values: readonly number[], { centre, lower, upper }: Limits): Side | undefined {
  const last = values.slice(-3);
  const value = last.at(-1);
  if (value === undefined || last.length < 3) return undefined;
  const isHigh = (each: number): boolean => each > centre + ((upper - centre) * 2) / 3;
  const isLow = (each: number): boolean => each < centre - ((centre - lower) * 2) / 3;
  if (isHigh(value) && last.filter(isHigh).length >= 2) return "high";
  return isLow(value) && last.filter(isLow).length >= 2 ? "low" : undefined;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
