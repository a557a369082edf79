import { expect, test } from "vitest";
import { wholePeriods } from "../../src/domain/wall-clock.ts";

const at = (text: string): number => Date.parse(`${text}Z`);
const shown = (per: "day" | "week", from: string, to: string, zone = "Europe/London"): string[] =>
  wholePeriods({ from: at(from), to: at(to) }, per, zone).map((each) =>
    [each.from, each.to].map((instant) => new Date(instant).toISOString().slice(0, 16)).join(" "),
  );

test("days lie between midnights by the clock on the wall, of 23 and 25 hours where the clocks change", () => {
  expect(shown("day", "2026-03-28T00:00", "2026-03-30T23:00")).toEqual([
    "2026-03-28T00:00 2026-03-29T00:00",
    "2026-03-29T00:00 2026-03-29T23:00",
    "2026-03-29T23:00 2026-03-30T23:00",
  ]);
  expect(shown("day", "2026-10-24T23:00", "2026-10-26T00:00")).toEqual(["2026-10-24T23:00 2026-10-26T00:00"]);
  // Where midnight itself is left out, the day begins an hour after it would.
  expect(shown("day", "2026-04-23T22:00", "2026-04-24T21:00", "Africa/Cairo")).toEqual(["2026-04-23T22:00 2026-04-24T21:00"]);
});

test("one that begins before or ends after is none, and a week begins on Monday", () => {
  expect(shown("day", "2026-01-01T00:00", "2026-01-01T23:59")).toEqual([]);
  expect(shown("day", "2026-01-01T00:01", "2026-01-02T23:59")).toEqual([]);
  expect(shown("week", "2026-03-23T00:01", "2026-04-12T23:00")).toEqual([
    "2026-03-29T23:00 2026-04-05T23:00",
    "2026-04-05T23:00 2026-04-12T23:00",
  ]);
});
