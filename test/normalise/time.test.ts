import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseTime } from "../../src/normalise/time.ts";
import { at, exactly } from "./normalise-example.ts";

const london = (text: unknown) => parseTime(text, "Europe/London");

describe("a time with a zone is an instant", () => {
  test.each([
    ["2026-03-02T09:00:00Z", "2026-03-02T09:00:00.000Z"],
    ["2026-03-02T09:00:00.1239+01:00", "2026-03-02T08:00:00.123Z"],
    ["2026-03-02T09:00:00-0530", "2026-03-02T14:30:00.000Z"],
    ["2026-03-02T09:00Z", "2026-03-02T09:00:00.000Z"],
    [" 2026-03-02t09:00:00z ", "2026-03-02T09:00:00.000Z"],
    ["2026-12-31T23:59:60Z", "2027-01-01T00:00:00.000Z"],
    ["2024-02-29T12:00:00Z", "2024-02-29T12:00:00.000Z"],
  ])("%s", (text, expected) => {
    expect(london(text)).toEqual(exactly(expected));
  });
});

describe("a time without a zone is in the site's, and marked so", () => {
  test.each([
    ["in winter", "2026-01-02T09:00:00", "2026-01-02T09:00:00Z"],
    ["in summer", "2026-07-02T09:00:00", "2026-07-02T08:00:00Z"],
    ["an hour that occurs twice is the first", "2026-10-25T01:30:00", "2026-10-25T00:30:00Z"],
    ["an hour that does not occur moves on", "2026-03-29T01:30:00", "2026-03-29T01:30:00Z"],
  ])("%s", (_, text, expected) => {
    expect(london(text)).toEqual({ ...exactly(expected), zoneAssumed: true });
  });
});

describe("a date is a period in the site's zone", () => {
  test.each([
    ["a day", "2026-06-21", "day", "2026-06-20T23:00:00Z", "2026-06-21T23:00:00Z"],
    ["the day on which summer time begins has 23 hours", "2026-03-29", "day", "2026-03-29T00:00:00Z", "2026-03-29T23:00:00Z"],
    ["a month", "2026-02", "month", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"],
    ["a year", "2025", "year", "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"],
  ])("%s", (_, text, precision, from, to) => {
    const expected = { at: at(from), end: at(to), precision, zoneAssumed: true };
    expect(london(text)).toEqual(expected);
    expect(london(text)).toEqual(expected);
  });
});

test("what cannot be read is absent", () => {
  const unreadable = [
    "12:011:30",
    "2026-02-30",
    "2026-02-30T10:00:00Z",
    "2025-02-29",
    "2026-13-01",
    "2026-03-02T24:00:00Z",
    "2026-03-02T09:60:00Z",
    "2026-03-02T09:00:61Z",
    "2026-03-02T09:00:00+15:00",
    "1899-12-31",
    "10000-01-01T00:00:00Z",
    "0000",
    "yesterday",
    "",
    20260302,
    null,
    undefined,
    {},
    ["2026-03-02"],
  ];
  expect(unreadable.filter((value) => london(value) !== undefined)).toEqual([]);
});

test("what is written as most times are is read as the whole pattern reads it, whichever letter is another", () => {
  const usual = fc.tuple(fc.date({ min: new Date("1890-01-01"), max: new Date("2110-01-01"), noInvalidDate: true }), fc.boolean());
  const slip = fc.tuple(fc.nat(23), fc.constantFrom(..."0123456789Z:.-T x".split("")));
  fc.assert(
    fc.property(usual, fc.option(slip), ([date, isWhole], change) => {
      const text = isWhole ? `${date.toISOString().slice(0, 19)}Z` : date.toISOString();
      const written = change === null ? text : text.slice(0, change[0]) + change[1] + text.slice(change[0] + 1);
      // White space around it takes the long way.
      expect(london(written)).toEqual(london(` ${written}`));
    }),
    { numRuns: 2_000 },
  );
});
