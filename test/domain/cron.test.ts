import { expect, test } from "vitest";
import { parseCron } from "../../src/domain/cron.ts";

const days = [...Array(31).keys()].map((place) => place + 1);

test("lists, ranges, steps and names are all the values that they mean", () => {
  expect(parseCron(" 5,*/20  1-3 10-20/5 Jan,jun-aug  sun,FRI-7 ")).toEqual({
    text: " 5,*/20  1-3 10-20/5 Jan,jun-aug  sun,FRI-7 ",
    minutes: [0, 5, 20, 40],
    hours: [1, 2, 3],
    days: [10, 15, 20],
    months: [1, 6, 7, 8],
    weekdays: [0, 5, 6],
  });
});

test("a star says nothing of days, a step over them does", () => {
  const { days: ofMonth, weekdays } = parseCron("0 0 * * *")!;
  expect({ ofMonth, weekdays }).toEqual({ ofMonth: undefined, weekdays: undefined });
  expect(parseCron("0 0 */1 * *")?.days).toEqual(days);
});

test.each([
  "",
  "0 1 * *",
  "0 0 1 * * *",
  "@daily",
  "60 * * * *",
  "0 24 * * *",
  "0 0 0 * *",
  "0 0 32 * *",
  "0 0 * 13 *",
  "0 0 * * 8",
  "5-1 * * * *",
  "*/0 * * * *",
  "5/10 * * * *",
  "*-5 * * * *",
  "1,,2 * * * *",
  "-1 * * * *",
  "1.5 * * * *",
  "x * * * *",
  "0 0 * foo *",
  "jan 0 * * *",
  "0 0 30 2 *",
  "0 0 31 2,4,6 *",
])("%j is no time that ever comes", (text) => {
  expect(parseCron(text)).toBeUndefined();
});

test.each(["0 0 29 2 *", "0 0 31 2 1", "0 0 31 4,5 *"])("%j comes", (text) => {
  expect(parseCron(text)).toBeDefined();
});
