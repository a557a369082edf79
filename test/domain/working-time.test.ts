import { expect, test } from "vitest";
import { addWorkingDays, addWorkingHours } from "../../src/domain/calendar/add-working-time.ts";
import { defaultCalendar } from "../../src/domain/calendar/default-calendar.ts";

const hours = (from: string, count: number) => new Date(addWorkingHours(Date.parse(from), count, defaultCalendar)).toISOString();
const days = (from: string, count: number) => new Date(addWorkingDays(Date.parse(from), count, defaultCalendar)).toISOString();

test.each([
  ["within one day", "2026-03-02T09:30:00Z", 2, "2026-03-02T11:30:00.000Z"],
  ["to the very end of a day", "2026-03-02T09:00:00Z", 8, "2026-03-02T17:00:00.000Z"],
  ["over the night", "2026-03-02T16:00:00Z", 2, "2026-03-03T10:00:00.000Z"],
  ["over the weekend", "2026-03-06T16:00:00Z", 2, "2026-03-09T10:00:00.000Z"],
  ["from the night before", "2026-03-02T20:00:00Z", 1, "2026-03-03T10:00:00.000Z"],
  ["over Easter 2026, and the change of the clocks a week before", "2026-04-02T15:00:00Z", 2, "2026-04-07T09:00:00.000Z"],
  ["from Christmas Eve to after the substitute day", "2026-12-24T16:30:00Z", 1, "2026-12-29T09:30:00.000Z"],
])("working hours %s", (_, from, count, to) => {
  expect(hours(from, count)).toBe(to);
});

test.each([
  ["one from Monday morning is Tuesday's end", "2026-03-02T09:30:00Z", 1, "2026-03-03T17:00:00.000Z"],
  ["one from Friday is Monday's end", "2026-03-06T16:00:00Z", 1, "2026-03-09T17:00:00.000Z"],
  ["one from Saturday is Monday's end", "2026-03-07T12:00:00Z", 1, "2026-03-09T17:00:00.000Z"],
  ["two over Easter, in summer time", "2026-04-02T15:00:00Z", 2, "2026-04-08T16:00:00.000Z"],
])("working days: %s", (_, from, count, to) => {
  expect(days(from, count)).toBe(to);
});
