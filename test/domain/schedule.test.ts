import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCron } from "../../src/domain/cron.ts";
import { lastSlot, slotsBetween } from "../../src/domain/schedule.ts";
import { watchedSlots, written, type PlainCron } from "./wall-clock.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The slots of the 24 hours and a half from noon UTC, as UTC times of day. */
function slotsFromNoon(cron: string, timeZone: string, date: string): string[] {
  const noon = Date.parse(`${date}T12:00:00Z`);
  return slotsBetween(parseCron(cron)!, timeZone, noon, noon + dayMs).map((slot) => new Date(slot).toISOString().slice(11, 16));
}

describe("the night when clocks go forward (01:00 to 02:00 does not exist)", () => {
  const tonight = (cron: string): string[] => slotsFromNoon(cron, "Europe/London", "2027-03-27");

  test("a nightly run at a time that does not exist happens once, at the instant after the gap", () => {
    expect(tonight("30 1 * * *")).toEqual(["01:00"]);
    expect(tonight("*/20 1 * * *")).toEqual(["01:00"]);
    expect(tonight("0 1,13 * * *")).toEqual(["13:00", "01:00", "12:00"]);
  });

  test("an hourly run happens in every hour that passes", () => {
    expect(tonight("0 * * * *").slice(10, 16)).toEqual(["23:00", "00:00", "01:00", "02:00", "03:00", "04:00"]);
    expect(tonight("30 * * * *").slice(11, 15)).toEqual(["23:30", "00:30", "01:30", "02:30"]);
  });
});

describe("the night when clocks go back (01:00 to 02:00 comes twice)", () => {
  const tonight = (cron: string): string[] => slotsFromNoon(cron, "Europe/London", "2026-10-24");

  test("a nightly run happens once, at the first", () => {
    expect(tonight("30 1 * * *")).toEqual(["00:30"]);
    expect(tonight("0,30 1,2 * * *")).toEqual(["00:00", "00:30", "02:00", "02:30"]);
  });

  test("an hourly run happens in every hour that passes", () => {
    expect(tonight("0 * * * *").slice(10, 16)).toEqual(["23:00", "00:00", "01:00", "02:00", "03:00", "04:00"]);
    expect(tonight("0 * * * *")).toHaveLength(24);
  });
});

test("a slot belongs to the time that ends with it, not to the one that begins with it", () => {
  const hourly = parseCron("0 * * * *")!;
  const ten = Date.parse("2026-03-02T10:00:00Z");
  expect(slotsBetween(hourly, "UTC", ten, ten)).toEqual([]);
  expect(slotsBetween(hourly, "UTC", ten - 1, ten)).toEqual([ten]);
  expect(slotsBetween(hourly, "UTC", ten, ten + hourMs)).toEqual([ten + hourMs]);
  expect(slotsBetween(hourly, "UTC", ten + hourMs, ten)).toEqual([]);
});

test("where a day of the month and a weekday are both said, either is enough", () => {
  const from = Date.parse("2026-03-01T12:00:00Z");
  const slots = slotsBetween(parseCron("0 0 13 * fri")!, "UTC", from, from + 27 * dayMs);
  expect(slots.map((slot) => new Date(slot).getUTCDate())).toEqual([6, 13, 20, 27]);
  const both = slotsBetween(parseCron("0 0 2 * 5")!, "UTC", from, from + 10 * dayMs);
  expect(both.map((slot) => new Date(slot).getUTCDate())).toEqual([2, 6]);
});

test("the last slot is found however long ago it was, and is the instant itself where it is one", () => {
  const at = Date.parse("2027-01-01T00:00:00Z");
  const last = (cron: string, timeZone = "UTC"): string => new Date(lastSlot(parseCron(cron)!, timeZone, at)).toISOString();
  expect(last("0 0 1 1 *")).toBe("2027-01-01T00:00:00.000Z");
  expect(last("1 0 1 1 *")).toBe("2026-01-01T00:01:00.000Z");
  expect(last("0 0 29 2 *")).toBe("2024-02-29T00:00:00.000Z");
  expect(last("30 1 * * *", "America/New_York")).toBe("2026-12-31T06:30:00.000Z");
  expect(new Date(lastSlot(parseCron("0 0 29 2 *")!, "UTC", Date.parse("2104-02-28T00:00:00Z"))).getUTCFullYear()).toBe(2096);
});

describe("the slots are what somebody sees who watches the clock on the wall", () => {
  const someOf = (least: number, most: number): fc.Arbitrary<number[]> =>
    fc.uniqueArray(fc.integer({ min: least, max: most }), { minLength: 1, maxLength: 4 });
  const everyHour = [...Array(24).keys()];
  const cron: fc.Arbitrary<PlainCron> = fc.record({
    minutes: someOf(0, 59),
    hours: fc.oneof(someOf(0, 23), someOf(0, 3), fc.constant(everyHour)),
    days: fc.oneof(fc.constant("*" as const), someOf(1, 31)),
    weekdays: fc.oneof(fc.constant("*" as const), someOf(0, 6)),
  });
  /** Zones with the oddest clocks, each with days on which something happens. */
  const place = fc.constantFrom(
    ...(
      [
        ["Europe/London", "2027-03-28", "2026-10-25", "2026-06-01"],
        ["America/New_York", "2026-03-08", "2026-11-01"],
        // Half an hour.
        ["Australia/Lord_Howe", "2026-04-05", "2026-10-04"],
        // At midnight, so that a day begins at one, or the evening before comes twice.
        ["Africa/Cairo", "2026-04-24", "2026-10-30"],
        ["America/Santiago", "2026-04-05", "2026-09-06"],
        // A minute past midnight: the first minute of tomorrow comes, and then the last hour of today again.
        ["America/St_Johns", "2009-03-08", "2009-11-01"],
        // A day that never was.
        ["Pacific/Apia", "2011-12-30"],
        ["Asia/Kathmandu", "2026-05-05"],
      ] as const
    ).flatMap(([timeZone, ...days]) => days.map((day) => ({ timeZone, day: Date.parse(day) }))),
  );
  const minutesAround = fc.integer({ min: -2 * 24 * 60, max: 2 * 24 * 60 });

  test("in any zone, on any day", () => {
    fc.assert(
      fc.property(cron, place, minutesAround, minutesAround, (fields, { timeZone, day }, one, other) => {
        const [after, upTo] = [day + Math.min(one, other) * 60_000, day + Math.max(one, other) * 60_000];
        const parsed = parseCron(written(fields))!;
        const expected = watchedSlots(fields, timeZone, after, upTo);
        expect(slotsBetween(parsed, timeZone, after, upTo)).toEqual(expected);
        const last = lastSlot(parsed, timeZone, upTo);
        if (expected.length > 0) expect(last).toBe(expected.at(-1));
        else expect(last).toBeLessThanOrEqual(after);
      }),
      { numRuns: 150 },
    );
  });

  test("cut into pieces, time has the same slots", () => {
    const hours = fc.uniqueArray(fc.integer({ min: -100, max: 100 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(cron, place, hours, (fields, { timeZone, day }, cuts) => {
        const parsed = parseCron(written(fields))!;
        const instants = cuts.toSorted((a, b) => a - b).map((hour) => day + hour * hourMs + 17 * 60_000);
        const pieces = instants.slice(1).flatMap((upTo, index) => slotsBetween(parsed, timeZone, instants[index]!, upTo));
        expect(pieces).toEqual(slotsBetween(parsed, timeZone, instants[0]!, instants.at(-1)!));
      }),
      { numRuns: 300 },
    );
  });
});
