import type { Interval } from "../../src/domain/instant.ts";

export const readIntervals = (texts: readonly (readonly [string, string])[]): Interval[] =>
  texts.map(([from, to]) => ({ from: Date.parse(from), to: Date.parse(to) }));

export const writeIntervals = (intervals: readonly Interval[]): [string, string][] =>
  intervals.map(({ from, to }) => [new Date(from).toISOString(), new Date(to).toISOString()]);

/** Sorted, with what touches or overlaps joined. */
export function joinIntervals(intervals: readonly Interval[]): Interval[] {
  const joined: Interval[] = [];
  for (const next of [...intervals].filter(({ from, to }) => from < to).sort((left, right) => left.from - right.from)) {
    const last = joined[joined.length - 1];
    if (last !== undefined && next.from <= last.to) joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, next.to) };
    else joined.push(next);
  }
  return joined;
}

export function clipIntervals(intervals: readonly Interval[], from: number, to: number): Interval[] {
  return intervals.map((each) => ({ from: Math.max(each.from, from), to: Math.min(each.to, to) })).filter((each) => each.from < each.to);
}

export function cutOut(intervals: readonly Interval[], hole: Interval): Interval[] {
  return [...clipIntervals(intervals, -8.64e15, hole.from), ...clipIntervals(intervals, hole.to, 8.64e15)];
}
