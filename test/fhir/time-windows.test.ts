import fc from "fast-check";
import { expect, test } from "vitest";
import { cutBusy, cutWindows, halve } from "../../src/fhir/time-windows.ts";

const minute = 60_000;
const day = 86_400_000;
const at = fc.integer({ min: Date.parse("0001-01-01T00:00:00Z"), max: Date.parse("2100-01-01T00:00:00Z") });

test("windows follow each other without a gap from the beginning to the end, and are few however long ago it was", () => {
  fc.assert(
    fc.property(at, at, (one, other) => {
      const [from, to] = [Math.min(one, other), Math.max(one, other)];
      const windows = cutWindows({ from, to });
      expect(windows.length).toBeLessThan(135);
      expect(windows.map((window) => window.from)).toEqual([
        ...(from < to ? [from] : []),
        ...windows.slice(0, -1).map((window) => window.to),
      ]);
      expect(windows.at(-1)?.to).toBe(from < to ? to : undefined);
    }),
  );
  const days = (length: number): number[] => cutWindows({ from: 0, to: length * day }).map(({ from, to }) => (to - from) / day);
  expect([days(0.5), days(2), days(29), days(60)]).toEqual([[0.5], [1, 1], [4, 4, 4, 4, 4, 4, 4, 1], [8, 8, 8, 8, 8, 8, 8, 4]]);
  expect(days(730)).toEqual([...Array.from({ length: 26 }, () => 28), 2]);
  expect(cutWindows({ from: -Infinity, to: 5 })).toEqual([{ from: -Infinity, to: 5 }]);
});

test("a window is halved at a full minute for as long as one lies within it", () => {
  fc.assert(
    fc.property(at, fc.integer({ min: 1, max: 60 * day }), (from, length) => {
      const window = { from, to: from + length };
      const halves = halve(window);
      const isCuttable = Math.floor((window.to - 1) / minute) * minute > from;
      expect(halves === undefined).toBe(!isCuttable);
      if (halves === undefined) return;
      const [first, second] = halves;
      expect([first.from, first.to, second.to]).toEqual([window.from, second.from, window.to]);
      expect(first.to % minute === 0 && first.from < first.to && second.from < second.to).toBe(true);
    }),
  );
  expect(halve({ from: -Infinity, to: 0 })).toBeUndefined();
});

test("a busy window is cut at full minutes into parts that leave nothing out, few however much it holds", () => {
  fc.assert(
    fc.property(
      at,
      fc.integer({ min: 1, max: 60 * day }),
      fc.integer({ min: 1, max: 1e9 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
      (from, length, records, places) => {
        const to = from + length;
        const parts = cutBusy({ from, to }, { records, mostInOne: 4_000, times: places.map((place) => from + place * length) }) ?? [];
        expect(parts.length === 0 || parts.length > 1).toBe(true);
        expect(parts.length).toBeLessThan(67);
        if (parts.length === 0) return;
        expect(parts.map((part) => part.from)).toEqual([from, ...parts.slice(0, -1).map((part) => part.to)]);
        expect(parts.at(-1)?.to).toBe(to);
        expect(parts.every((part) => part.from < part.to && (part.from === from || part.from % minute === 0))).toBe(true);
      },
    ),
  );
});

test("where records lie close at the beginning of a long window it is cut there", () => {
  const widths = (records: number, times: number[]): number[] =>
    (cutBusy({ from: 0, to: 28 * day }, { records, mostInOne: 4_000, times }) ?? []).map(({ from, to }) => (to - from) / minute);
  // Two hundred in ten minutes: ten thousand may fill the first five hundred.
  expect(widths(10_000, [0, ...Array.from({ length: 198 }, () => 1), 10 * minute])).toEqual([100, 100, 100, 100, 100, 28 * 1_440 - 500]);
  expect(widths(8_000, [0, 20 * day])).toEqual([7, 7, 7, 7].map((days) => days * 1_440));
  // All of them at once, as a server dates what it has imported.
  expect(widths(8_000, [5, 5])).toEqual([2, 1, 1, 1, 28 * 1_440 - 5]);
});
