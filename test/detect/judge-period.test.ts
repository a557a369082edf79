import { describe, expect, test } from "vitest";
import { joinBroken, judgePeriods } from "../../src/detect/judge-series.ts";
import { measurePeriod, numberOf, type MeasuredEvent } from "../../src/detect/measure-period.ts";
import type { SeriesTemplate } from "../../src/domain/series.ts";

const dayMs = 86_400_000;
const basis = "local default";
const template: SeriesTemplate = {
  number: {
    what: "mean-value",
    unit: "mmol/L",
    activity: ["observation.resulted"],
    code: [{ id: "k", title: "potassium", codings: [{ system: "http://loinc.org", code: "2823-3" }] }],
  },
  per: "day",
  against: "itself",
  historyMs: 56 * dayMs,
  needs: 20,
  fewest: 2,
  rules: [
    { rule: "outside", basis },
    { rule: "shift", basis },
    { rule: "trend", basis },
    { rule: "outer-third", basis },
  ],
};

/** Days in a row with these numbers. */
const days = (values: readonly number[]) => values.map((value, index) => ({ from: index * dayMs, to: (index + 1) * dayMs, value }));
/** 4.1 and 4.3 by turns: mean 4.2, moving range 0.2 every time, so limits 4.2 ± 0.532. */
const usual = (count: number): number[] => Array.from({ length: count }, (_, index) => (index % 2 === 0 ? 4.1 : 4.3));
const judgeDays = (values: readonly number[], from = 0) =>
  judgePeriods(template, days(values)).numbers.filter((period) => period.from >= from);
const broken = (values: readonly number[]) =>
  judgeDays(values).flatMap(({ from, breaks }) => (breaks.length > 0 ? [`${from / dayMs}: ${breaks.join(", ")}`] : []));

describe("a day against the days before", () => {
  test("has the limits of those before the last seven, by plain arithmetic", () => {
    const last = judgeDays([...usual(20), 4, 4.1, 4, 4.1, 4, 4.1, 4.2], 26 * dayMs);
    expect(last.length).toBe(1);
    expect(last[0]!.limits!.centre).toBeCloseTo(4.2, 10);
    expect(last[0]!.limits!.upper).toBeCloseTo(4.2 + 2.66 * 0.2, 10);
    expect(last[0]!.limits!.lower).toBeCloseTo(4.2 - 2.66 * 0.2, 10);
  });

  test("is an alarm where it lies outside, and not a hair before", () => {
    expect(broken([...usual(31), 4.74])).toEqual(["31: outside"]);
    expect(broken([...usual(31), 4.72])).toEqual([]);
  });

  test("is an alarm as the seventh on one side, or the seventh that rises", () => {
    expect(broken([...usual(31), 4.25, 4.22, 4.25, 4.22, 4.25, 4.22, 4.25])).toEqual(["37: shift"]);
    expect(broken([...usual(30), 4.11, 4.12, 4.13, 4.14, 4.21, 4.22, 4.23])).toEqual(["36: trend"]);
  });

  test("is not judged before 20 days of history beside its seven", () => {
    expect(broken([...usual(25), 9])).toEqual([]);
    expect(broken([...usual(26), 9])).toEqual(["26: outside"]);
  });

  test("alarms that follow each other are one, and one after an ordinary day is another", () => {
    const judged = judgeDays([...usual(30), 5, 5.1, 4.2, 5]);
    expect(joinBroken(judged).map(({ from, to, value }) => [from / dayMs, to / dayMs, value])).toEqual([
      [30, 32, 5],
      [33, 34, 5],
    ]);
  });

  test("rests on no later day, nor on one more than 56 days before", () => {
    const values = [...usual(80), 4.9, 4.1, 4.2];
    const whole = judgeDays(values);
    expect(whole.slice(0, 81)).toEqual(judgeDays(values.slice(0, 81)));
    const other = judgeDays([...usual(20).map((value) => value + 3), ...values.slice(20)]);
    expect(other.slice(20 + 57)).toEqual(whole.slice(20 + 57));
    expect(other.slice(70, 75)).not.toEqual(whole.slice(70, 75));
  });
});

describe("what is measured of a day", () => {
  const event = (hour: number, patient: string, more: Partial<MeasuredEvent> = {}): MeasuredEvent => ({
    activity: "observation.resulted",
    at: hour * 3_600_000,
    patient,
    code: { codings: [{ system: "http://loinc.org", code: "2823-3" }] },
    ...more,
  });
  const day = { from: 24 * 3_600_000, to: 48 * 3_600_000 };
  const of = { activity: ["observation.resulted" as const] };

  test("the mean of the values in the unit, of the code and the day", () => {
    const value = (hour: number, number: number, more: Partial<MeasuredEvent> = {}) =>
      event(hour, "p", { value: number, unit: "mmol/L", ...more });
    const events = [
      value(23, 9),
      value(24, 4),
      value(30, 5),
      value(30, 70, { unit: "mg/L" }),
      value(31, 9, { code: { codings: [] } }),
      value(48, 9),
    ];
    const measure = measurePeriod(template.number, events, day);
    expect(measure).toEqual({ sum: 9, of: 2, leftOut: 1 });
    expect(numberOf(template, measure)).toBe(4.5);
    expect(numberOf(template, measurePeriod(template.number, events.slice(0, 2), day))).toBeUndefined();
  });

  test("the share without a value", () => {
    const events = [
      event(25, "a", { valueless: "missing" }),
      event(25, "a", { valueless: "not-due" }),
      event(26, "b", { value: 4, unit: "mmol/L" }),
      event(27, "c", { value: 0, unit: "mmol/L" }),
    ];
    const share = { ...template, number: { what: "share-without-value" as const, ...of } };
    expect(measurePeriod(share.number, events, day)).toEqual({ sum: 1, of: 3, leftOut: 0 });
    expect(numberOf(share, measurePeriod(share.number, events, day))).toBeCloseTo(100 / 3, 10);
  });

  test("repeats of one code and one patient, looked back to beyond the day's beginning, per hundred patients", () => {
    const other = { code: { codings: [{ system: "http://loinc.org", code: "2951-2" }] } };
    const events = [event(23.5, "a"), event(24.25, "a"), event(25.5, "a"), event(24.5, "b"), event(25, "b", other), event(25, "b", other)];
    expect(measurePeriod({ what: "repeats", withinMs: 3_600_000, ...of }, events, day)).toEqual({ sum: 2, of: 2, leftOut: 0 });
  });
});
