import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { parseTimestamp, toTimestamp } from "../../src/db/timestamp.ts";
import { scratchDatabase } from "./scratch-database.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());

test.each([
  [0, "1970-01-01T00:00:00.000Z"],
  [-1, "1969-12-31T23:59:59.999Z"],
  [1.9, "1970-01-01T00:00:00.001Z"],
  [-0.5, "1969-12-31T23:59:59.999Z"],
  [Infinity, "infinity"],
  [-Infinity, "-infinity"],
  [Date.UTC(12026, 0, 1), "12026-01-01T00:00:00.000Z"],
])("%d is written %s", (instant, text) => {
  expect(toTimestamp(instant)).toBe(text);
});

test("what is not a time is refused", () => {
  expect(() => toTimestamp(NaN)).toThrow(RangeError);
  expect(() => parseTimestamp("02.03.2026 09:00:00")).toThrow("is not a timestamptz in DateStyle ISO");
});

test.each([
  ["2026-03-02 09:00:00+05:30", Date.UTC(2026, 2, 2, 3, 30)],
  ["1880-01-01 00:00:00-00:01:15", Date.UTC(1880, 0, 1, 0, 1, 15)],
  ["2026-03-02 09:00:00.5-03", Date.UTC(2026, 2, 2, 12, 0, 0, 500)],
])("%s is read in its own zone", (text, instant) => {
  expect(parseTimestamp(text)).toBe(instant);
});

test("every instant that PostgreSQL can hold comes back as it was", async () => {
  // From 4713 BC to the last day of a JavaScript Date.
  const far = fc.integer({ min: -210_863_520_000_000, max: 8_640_000_000_000_000 });
  const near = fc.integer({ min: -100_000_000_000, max: 5_000_000_000_000 });
  const instants = fc.array(fc.oneof(far, near), { minLength: 50, maxLength: 50 });
  await fc.assert(
    fc.asyncProperty(instants, async (sent) => {
      const { rows } = await sql<{ at: number[] }>`select ${sent.map(toTimestamp)}::timestamptz[] as at`.execute(connection.db);
      expect(rows[0]?.at).toEqual(sent);
    }),
    { numRuns: 20 },
  );
});
