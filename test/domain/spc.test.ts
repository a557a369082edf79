import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { median, outerThird, outside, robustLimits, runLength, shift, trend, xmrLimits } from "../../src/domain/spc.ts";

const someNumbers = fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 2, maxLength: 40 });

describe("limits of an XmR chart", () => {
  test("a worked example: 4, 6, 5, 7, 3", () => {
    // Moving ranges 2, 1, 2, 4: their mean is 9 / 4. The mean is 25 / 5. By hand: 5 ± 2.66 × 2.25 = 5 ± 5.985.
    const limits = xmrLimits([4, 6, 5, 7, 3])!;
    expect(limits.centre).toBe(5);
    expect(limits.lower).toBeCloseTo(-0.985, 10);
    expect(limits.upper).toBeCloseTo(10.985, 10);
  });

  test("are those of plain arithmetic, loop by loop", () => {
    fc.assert(
      fc.property(someNumbers, (values) => {
        let sum = 0;
        for (const value of values) sum += value;
        let ranges = 0;
        for (let index = 1; index < values.length; index += 1) ranges += Math.abs(values[index]! - values[index - 1]!);
        const centre = sum / values.length;
        const reach = (2.66 * ranges) / (values.length - 1);
        const limits = xmrLimits(values)!;
        expect(limits.centre).toBeCloseTo(centre, 6);
        expect(limits.upper).toBeCloseTo(centre + reach, 6);
        expect(limits.lower).toBeCloseTo(centre - reach, 6);
      }),
    );
  });

  test("move with the numbers, and mirror with them", () => {
    fc.assert(
      fc.property(someNumbers, fc.integer({ min: -1000, max: 1000 }), (values, by) => {
        const limits = xmrLimits(values)!;
        const moved = xmrLimits(values.map((value) => value + by))!;
        const mirrored = xmrLimits(values.map((value) => -value))!;
        expect(moved.upper).toBeCloseTo(limits.upper + by, 6);
        expect(mirrored.upper).toBeCloseTo(-limits.lower, 6);
      }),
    );
  });

  test("one number has none", () => {
    expect(xmrLimits([5])).toBeUndefined();
    expect(xmrLimits([])).toBeUndefined();
  });
});

describe("robust limits of counts", () => {
  test("a worked example: 200, 210, 190, 200, 205", () => {
    // Median 200; distances 0, 10, 10, 0, 5: median 5; 1.4826 × 5 = 7.4 is less than √200 = 14.14, which counts: ± 42.43.
    const limits = robustLimits([200, 210, 190, 200, 205])!;
    expect(limits.centre).toBe(200);
    expect(limits.upper).toBeCloseTo(242.426, 3);
    expect(limits.lower).toBeCloseTo(157.574, 3);
  });

  test("three outages among eight weeks leave the centre among the other weeks", () => {
    const weeks = fc.array(fc.integer({ min: 100, max: 300 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(weeks, fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 3, maxLength: 3 }), (good, outages) => {
        const { centre } = robustLimits([...outages, ...good])!;
        expect(centre).toBeGreaterThanOrEqual(Math.min(...good));
        expect(centre).toBeLessThanOrEqual(Math.max(...good));
      }),
    );
  });

  test("do not depend on the order of the weeks", () => {
    fc.assert(
      fc.property(someNumbers, (values) => {
        const counts = values.map(Math.abs);
        expect(robustLimits(counts.toReversed())).toEqual(robustLimits(counts));
      }),
    );
  });

  test("the median has as many below as above", () => {
    fc.assert(
      fc.property(someNumbers, (values) => {
        const middle = median(values);
        expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(values.length / 2);
        expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });
});

const limits = { centre: 50, lower: 20, upper: 80 };

describe("special cause", () => {
  test("a point outside; on the limit is inside", () => {
    expect([80, 80.1, 20, 19.9, 50].map((value) => outside(value, limits))).toEqual([undefined, "high", undefined, "low", undefined]);
  });

  test("seven in a row on one side; six, or one on the average, are none", () => {
    const high = Array.from({ length: 7 }, () => 51);
    expect(shift(high, limits)).toBe("high");
    expect(
      shift(
        high.map(() => 49),
        limits,
      ),
    ).toBe("low");
    expect(shift(high.slice(1), limits)).toBeUndefined();
    expect(shift(high.with(3, 50), limits)).toBeUndefined();
    expect(shift([49, ...high], limits)).toBe("high");
    expect(shift([...high, 49], limits)).toBeUndefined();
  });

  test("seven rising or falling; a level step is neither", () => {
    expect(trend([1, 2, 3, 4, 5, 6, 7])).toBe("high");
    expect(trend([7, 6, 5, 4, 3, 2, 1])).toBe("low");
    expect(trend([1, 2, 3, 4, 5, 6])).toBeUndefined();
    expect(trend([1, 2, 3, 4, 4, 6, 7])).toBeUndefined();
    expect(trend([9, 1, 2, 3, 4, 5, 6, 7])).toBe("high");
  });

  test("two of three in the outer third, on the same side, the last among them", () => {
    expect(outerThird([71, 50, 71], limits)).toBe("high");
    expect(outerThird([50, 71, 71], limits)).toBe("high");
    expect(outerThird([29, 50, 29], limits)).toBe("low");
    expect(outerThird([71, 71, 50], limits)).toBeUndefined();
    expect(outerThird([70, 50, 70], limits)).toBeUndefined();
    expect(outerThird([71, 50, 29], limits)).toBeUndefined();
    expect(outerThird([71, 71], limits)).toBeUndefined();
    expect(outerThird([71, 50, 81], limits)).toBe("high");
  });

  test("upside down, every rule says the other side", () => {
    const other = { high: "low", low: "high" } as const;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 3, maxLength: 12 }), (values) => {
        const mirrored = values.map((value) => 100 - value);
        for (const rule of [
          shift,
          outerThird,
          (each: readonly number[]) => trend(each),
          (each: readonly number[]) => outside(each.at(-1)!, limits),
        ]) {
          const said = rule(values, limits);
          expect(rule(mirrored, limits)).toBe(said && other[said]);
        }
      }),
    );
  });

  test("numbers before the last seven change nothing", () => {
    fc.assert(
      fc.property(someNumbers, someNumbers, (before, values) => {
        const recent = values.slice(-runLength);
        if (recent.length < runLength) return;
        expect(shift([...before, ...recent], limits)).toBe(shift(recent, limits));
        expect(trend([...before, ...recent])).toBe(trend(recent));
        expect(outerThird([...before, ...recent], limits)).toBe(outerThird(recent, limits));
      }),
    );
  });
});
