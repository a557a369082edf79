import type { Instant, Interval } from "./instant.ts";

/** Sorted, without empty ones, overlapping and touching ones joined: the one way to write a set of instants. */
export function unite(intervals: readonly Interval[]): Interval[] {
  const united: Interval[] = [];
  for (const { from, to } of intervals.filter((each) => each.from < each.to).sort((a, b) => a.from - b.from)) {
    const last = united.at(-1);
    if (last === undefined || last.to < from) united.push({ from, to });
    else if (last.to < to) united[united.length - 1] = { from: last.from, to };
  }
  return united;
}

/** What lies in both. */
export function intersect(some: readonly Interval[], others: readonly Interval[]): Interval[] {
  const found: Interval[] = [];
  eachMeeting(asUnited(some), asUnited(others), ({ from, to }, meeting) => {
    for (const other of meeting) found.push({ from: Math.max(from, other.from), to: Math.min(to, other.to) });
  });
  return found;
}

/** What of `some` lies outside `others`: with a window and a coverage, the gaps. */
export function subtract(some: readonly Interval[], others: readonly Interval[]): Interval[] {
  const left: Interval[] = [];
  eachMeeting(asUnited(some), asUnited(others), ({ from, to }, meeting) => {
    let begins = from;
    for (const other of meeting) {
      if (begins < other.from) left.push({ from: begins, to: other.from });
      begins = other.to;
    }
    if (begins < to) left.push({ from: begins, to });
  });
  return left;
}

/** Where exactly one of the two covers: what a change of coverage touches. */
export function differences(before: readonly Interval[], after: readonly Interval[]): Interval[] {
  return unite([...subtract(before, after), ...subtract(after, before)]);
}

/** Whether every instant of `window` is covered; an empty window always is. */
export function covers(coverage: readonly Interval[], window: Interval): boolean {
  return subtract([window], coverage).length === 0;
}

/** Each of `some` with those of `others` that share an instant with it; both as `unite` writes them. */
function eachMeeting(
  some: readonly Interval[],
  others: readonly Interval[],
  tell: (each: Interval, meeting: readonly Interval[]) => void,
): void {
  let place = firstEndingAfter(others, some[0]?.from ?? Infinity);
  for (const each of some) {
    while ((others[place]?.to ?? Infinity) <= each.from) place += 1;
    let end = place;
    while ((others[end]?.from ?? Infinity) < each.to) end += 1;
    tell(each, others.slice(place, end));
  }
}

/** By halving: of years of coverage a window meets one or two. */
function firstEndingAfter(intervals: readonly Interval[], at: Instant): number {
  let [low, high] = [0, intervals.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((intervals[middle]?.to ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Most lists come from here, and are looked at again and again: those are taken as they are. */
function asUnited(intervals: readonly Interval[]): readonly Interval[] {
  let last = -Infinity;
  for (const [place, { from, to }] of intervals.entries()) {
    if (from >= to || (place > 0 && from <= last)) return unite(intervals);
    last = to;
  }
  return intervals;
}
