import fc from "fast-check";
import { expect, test } from "vitest";
import type { Interval } from "../../src/domain/instant.ts";
import { covers, differences, intersect, subtract, unite } from "../../src/domain/interval.ts";

// The naive model: a set of whole instants from 0 to 29.
const instants = Array.from({ length: 30 }, (_, at) => at);
const anInterval = fc.tuple(fc.nat(29), fc.nat(29)).map(([from, to]): Interval => ({ from, to }));
const someIntervals = fc.array(anInterval, { maxLength: 6 });
const holds = (intervals: readonly Interval[], at: number): boolean => intervals.some(({ from, to }) => from <= at && at < to);

/** Sorted, none empty, none touching the next. */
const isUnited = (intervals: readonly Interval[]): boolean =>
  intervals.every(({ from, to }, index) => from < to && (index === 0 || intervals[index - 1]!.to < from));

test("every operation holds exactly the instants that set arithmetic says, and gives a united list", () => {
  fc.assert(
    fc.property(someIntervals, someIntervals, (a, b) => {
      const results = { unite: unite([...a, ...b]), intersect: intersect(a, b), subtract: subtract(a, b), differences: differences(a, b) };
      const expected = instants.map((at) => {
        const [inA, inB] = [holds(a, at), holds(b, at)];
        return { at, unite: inA || inB, intersect: inA && inB, subtract: inA && !inB, differences: inA !== inB };
      });
      const actual = instants.map((at) => ({
        at,
        unite: holds(results.unite, at),
        intersect: holds(results.intersect, at),
        subtract: holds(results.subtract, at),
        differences: holds(results.differences, at),
      }));
      expect(actual).toEqual(expected);
      expect(Object.values(results).filter((each) => !isUnited(each))).toEqual([]);
    }),
  );
});

test("a window is covered where each of its instants is", () => {
  fc.assert(
    fc.property(someIntervals, anInterval, (coverage, window) => {
      const inside = instants.filter((at) => holds([window], at));
      expect(covers(coverage, window)).toBe(inside.every((at) => holds(coverage, at)));
    }),
  );
});

test("touching intervals join, empty ones vanish and the input is left as it was", () => {
  const intervals = [
    { from: 5, to: 9 },
    { from: 1, to: 5 },
    { from: 7, to: 7 },
    { from: 12, to: 10 },
  ];
  expect(unite(intervals)).toEqual([{ from: 1, to: 9 }]);
  expect(intervals[0]).toEqual({ from: 5, to: 9 });
});
