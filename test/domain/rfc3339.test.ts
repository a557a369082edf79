import { expect, test } from "vitest";
import { parseRfc3339 } from "../../src/domain/rfc3339.ts";

test.each([
  ["2026-03-01T00:00:00Z", Date.UTC(2026, 2, 1)],
  ["2026-03-01T01:00:00.1239+01:00", Date.UTC(2026, 2, 1, 0, 0, 0, 123)],
  ["2024-02-29t23:59:59z", Date.UTC(2024, 1, 29, 23, 59, 59)],
])("%s is read as an instant", (text, at) => {
  expect(parseRfc3339(text)).toBe(at);
});

test.each([
  "2026-03-01",
  "2026-03-01T00:00:00",
  "2026-03-01T00:00Z",
  "2026-02-30T00:00:00Z",
  "2026-13-01T00:00:00Z",
  "0099-03-01T00:00:00Z",
  "2026-03-01T12:011:30Z",
  "2026-03-01T25:00:00Z",
  "",
  " 2026-03-01T00:00:00Z",
])("%j is refused", (text) => {
  expect(parseRfc3339(text)).toBeUndefined();
});
