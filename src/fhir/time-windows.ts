import { earliestOf, latestOf, type Instant, type Interval } from "../domain/instant.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Wide enough that a quiet feed is asked a few times a year. */
const widestMs = 28 * dayMs;
/** A shorter stretch is cut into about so many windows of whole days, for they are read side by side. */
const usualWindows = 8;
/** What is older is one window: a record of the year 1 must not cost a question for every month since. */
const longestMs = 10 * 365 * dayMs;

/** No FHIR server is older: what says so is a mistake, and may stay one window. */
const earliestKept = Date.UTC(2000, 0, 1);

/** A stretch of time in windows, the oldest first. What has no beginning is one window. */
export function cutWindows({ from, to }: Interval): Interval[] {
  if (from >= to) return [];
  if (from === -Infinity) return [{ from, to }];
  const windows: Interval[] = [];
  const widthMs = Math.min(widestMs, Math.ceil((to - from) / usualWindows / dayMs) * dayMs);
  for (let start = from; start < to;) {
    const end = Math.min(to, Math.max(start + widthMs, to - longestMs));
    windows.push({ from: start, to: end });
    start = end;
  }
  return windows;
}

/** So many parts of a window are enough: each is measured again. */
const mostParts = 64;

/**
 * A window that holds many records in parts that hold about half of `mostInOne`, cut at full minutes; undefined where nothing is
 * left to cut. Where those of its first page lie so close that all may lie in its earlier half, that much is cut, and the rest is one part.
 * @param times when those of its first page were last updated
 */
export function cutBusy(
  { from, to }: Interval,
  { records, mostInOne, times }: { readonly records: number; readonly mostInOne: number; readonly times: readonly Instant[] },
): Interval[] | undefined {
  const count = Math.min(Math.ceil((2 * records) / mostInOne), mostParts);
  const first = earliestOf(times) ?? from;
  const closeMs = (((latestOf(times) ?? to) - first) / times.length) * records;
  const isClose = times.length > 0 && first + closeMs < (from + to) / 2;
  const [start, lengthMs] = isClose ? [first, Math.max(closeMs, count * minuteMs)] : [from, to - from];
  const edges = Array.from({ length: count }, (_, place) => Math.ceil((start + (lengthMs * (place + 1)) / count) / minuteMs) * minuteMs);
  const cuts = [...new Set(edges)].filter((at) => at > from && at < to);
  return cuts.length === 0 ? undefined : [from, ...cuts].map((at, place) => ({ from: at, to: cuts[place] ?? to }));
}

/** Both halves of a window that failed, cut at a full minute; undefined where nothing is left to cut. */
export function halve({ from, to }: Interval): [Interval, Interval] | undefined {
  // What has no beginning is cut ten years before its end, again and again: one bad record must not hide all that there is.
  if (from === -Infinity) {
    const cut = Math.floor((to - longestMs) / minuteMs) * minuteMs;
    return to > earliestKept
      ? [
          { from, to: cut },
          { from: cut, to },
        ]
      : undefined;
  }
  const middle = [Math.floor, Math.ceil].map((round) => round((from + to) / 2 / minuteMs) * minuteMs).find((at) => at > from && at < to);
  return middle === undefined
    ? undefined
    : [
        { from, to: middle },
        { from: middle, to },
      ];
}
