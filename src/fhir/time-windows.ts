import type { Interval } from "../domain/instant.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Wide enough that a quiet feed is asked a few times a year, narrow enough that a stopped pull loses little. */
const widestMs = 28 * dayMs;

/** A stretch of time in windows, the oldest first. What has no beginning is one window. */
export function cutWindows({ from, to }: Interval): Interval[] {
  if (from >= to) return [];
  if (from === -Infinity || to - from <= widestMs) return [{ from, to }];
  return [{ from, to: from + widestMs }, ...cutWindows({ from: from + widestMs, to })];
}

/** Both halves of a window that failed, cut at a full minute; undefined where nothing is left to cut. */
export function halve({ from, to }: Interval): [Interval, Interval] | undefined {
  if (from === -Infinity) return undefined;
  const middle = Math.floor((from + to) / 2 / minuteMs) * minuteMs;
  return middle <= from || middle >= to
    ? undefined
    : [
        { from, to: middle },
        { from: middle, to },
      ];
}
