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
  return combine(some, others, (inSome, inOthers) => inSome && inOthers);
}

/** What of `some` lies outside `others`: with a window and a coverage, the gaps. */
export function subtract(some: readonly Interval[], others: readonly Interval[]): Interval[] {
  return combine(some, others, (inSome, inOthers) => inSome && !inOthers);
}

/** Where exactly one of the two covers: what a change of coverage touches. */
export function differences(before: readonly Interval[], after: readonly Interval[]): Interval[] {
  return combine(before, after, (inBefore, inAfter) => inBefore !== inAfter);
}

/** Whether every instant of `window` is covered; an empty window always is. */
export function covers(coverage: readonly Interval[], window: Interval): boolean {
  return subtract([window], coverage).length === 0;
}

/** Sweeps over both from left to right; several ends at one instant make empty intervals, which `unite` drops. */
function combine(
  some: readonly Interval[],
  others: readonly Interval[],
  keep: (inSome: boolean, inOthers: boolean) => boolean,
): Interval[] {
  const ends = [...endsOf(some, "some"), ...endsOf(others, "others")].sort((a, b) => a.at - b.at);
  const inside = { some: false, others: false };
  const kept: Interval[] = [];
  let from: Instant | undefined;
  for (const { at, list, opens } of ends) {
    inside[list] = opens;
    const keeps = keep(inside.some, inside.others);
    if (keeps) from ??= at;
    else if (from !== undefined) {
      kept.push({ from, to: at });
      from = undefined;
    }
  }
  return unite(kept);
}

function endsOf<List extends "some" | "others">(intervals: readonly Interval[], list: List): { at: Instant; list: List; opens: boolean }[] {
  return unite(intervals).flatMap(({ from, to }) => [
    { at: from, list, opens: true },
    { at: to, list, opens: false },
  ]);
}
