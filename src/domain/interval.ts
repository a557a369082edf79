import type { Interval } from "./instant.ts";

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

/** What lies in both; neither need be united. */
export function intersect(some: readonly Interval[], others: readonly Interval[]): Interval[] {
  const [a, b] = [unite(some), unite(others)];
  const shared: Interval[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [one, other] = [a[i]!, b[j]!];
    const [from, to] = [Math.max(one.from, other.from), Math.min(one.to, other.to)];
    if (from < to) shared.push({ from, to });
    if (one.to < other.to) i += 1;
    else j += 1;
  }
  return shared;
}

/** What of `some` lies outside `others`: with a window and a coverage, the gaps. */
export function subtract(some: readonly Interval[], others: readonly Interval[]): Interval[] {
  const holes = unite(others);
  const left: Interval[] = [];
  let first = 0;
  for (const { from, to } of unite(some)) {
    while (first < holes.length && holes[first]!.to <= from) first += 1;
    let reached = from;
    for (let i = first; i < holes.length && holes[i]!.from < to; i += 1) {
      if (reached < holes[i]!.from) left.push({ from: reached, to: holes[i]!.from });
      reached = holes[i]!.to;
    }
    if (reached < to) left.push({ from: reached, to });
  }
  return left;
}

/** Whether every instant of `window` is covered; an empty window always is. */
export function covers(coverage: readonly Interval[], window: Interval): boolean {
  return subtract([window], coverage).length === 0;
}

/** Where exactly one of the two covers: what a change of coverage touches. */
export function differences(before: readonly Interval[], after: readonly Interval[]): Interval[] {
  return unite([...subtract(before, after), ...subtract(after, before)]);
}
