import { expect, test } from "vitest";
import { beforeByCalendar, exactDurationMs } from "../../src/domain/duration.ts";

const hour = 3_600_000;

test.each([
  ["PT6H", 6 * hour],
  ["P14D", 14 * 24 * hour],
  ["P1WT30M", 7 * 24 * hour + hour / 2],
  ["PT0S", 0],
])("%s has a fixed length", (text, ms) => {
  expect(exactDurationMs(text)).toBe(ms);
});

test.each(["P1M", "P1Y", "P6H", "-PT6H", "6h", ""])("%j has none", (text) => {
  expect(exactDurationMs(text)).toBeUndefined();
});

test("a calendar duration keeps the local time of day over a change of the clocks", () => {
  // 1 July is summer time in London, 1 January is not.
  expect(beforeByCalendar(Date.parse("2026-07-01T12:00:00+01:00"), "P6M", "Europe/London")).toBe(Date.parse("2026-01-01T12:00:00Z"));
});

test("a calendar duration from 29 February ends on the last day of that month", () => {
  expect(beforeByCalendar(Date.parse("2028-02-29T00:00:00Z"), "P2Y", "UTC")).toBe(Date.parse("2026-02-28T00:00:00Z"));
});
