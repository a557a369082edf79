import { expect, test } from "vitest";
import { readStatedTime, readTime } from "../../src/fhir-server/time-range.ts";

test.each([
  ["2026", "2026-01-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"],
  ["0001", "0001-01-01T00:00:00.000Z", "0002-01-01T00:00:00.000Z"],
  ["2026-12", "2026-12-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"],
  ["2026-02-28", "2026-02-28T00:00:00.000Z", "2026-03-01T00:00:00.000Z"],
  ["2026-03-01T10:00+01:00", "2026-03-01T09:00:00.000Z", "2026-03-01T09:01:00.000Z"],
  ["2026-03-01T10:00:30", "2026-03-01T10:00:30.000Z", "2026-03-01T10:00:31.000Z"],
  ["2026-03-01T10:00:30.5Z", "2026-03-01T10:00:30.500Z", "2026-03-01T10:00:30.501Z"],
  ["2026-03-01T10:00:30.1239-00:30", "2026-03-01T10:30:30.123Z", "2026-03-01T10:30:30.124Z"],
])("%s is the time from %s to %s", (text, start, end) => {
  expect(readTime(text)).toEqual({ start: Date.parse(start), end: Date.parse(end) });
});

test.each(["", "26", "2026-3", "2026-13", "2026-02-29", "2026-03-01T10", "2026-03-01T24:00:00Z", "2026-03-09T12:011:30", "2026-03-01Z"])(
  "%j is no time",
  (text) => {
    expect(readTime(text)).toBeUndefined();
  },
);

test("a record that says a second means its first moment", () => {
  const start = Date.parse("2026-03-01T10:00:30Z");
  expect(readStatedTime("2026-03-01T10:00:30Z")).toEqual({ start, end: start + 1 });
  expect(readStatedTime("2026-03-01")).toEqual(readTime("2026-03-01"));
});
