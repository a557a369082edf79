import { Temporal } from "temporal-polyfill";
import type { Instant } from "../instant.ts";
import type { Calendar } from "./calendar.ts";

/** A calendar without a single working day would be walked for ever. */
const mostDays = 4_000;

/**
 * The instant so many working hours later: only time within the hours of working days counts. What begins outside them
 * begins with the next.
 */
export function addWorkingHours(at: Instant, hours: number, calendar: Calendar): Instant {
  let leftMs = hours * 3_600_000;
  for (const { from, to } of workingDays(at, calendar)) {
    const start = Math.max(from, at);
    if (start >= to) continue;
    if (leftMs <= to - start) return start + leftMs;
    leftMs -= to - start;
  }
  throw new Error("the calendar has too few working hours");
}

/** The end of the n-th working day after the one of `at`, or after the days that it is not: said on Friday, one is until Monday's end. */
export function addWorkingDays(at: Instant, days: number, calendar: Calendar): Instant {
  const today = dateOf(at, calendar);
  let left = days;
  for (const { date, to } of workingDays(at, calendar)) {
    if (date.equals(today)) continue;
    left -= 1;
    if (left <= 0) return to;
  }
  throw new Error("the calendar has too few working days");
}

function dateOf(at: Instant, { timeZone }: Calendar): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate();
}

function* workingDays(at: Instant, calendar: Calendar): Generator<{ date: Temporal.PlainDate; from: Instant; to: Instant }> {
  let date = dateOf(at, calendar);
  for (let walked = 0; walked < mostDays; walked += 1, date = date.add({ days: 1 })) {
    if (!calendar.days.includes(date.dayOfWeek) || calendar.holidays.includes(date.toString())) continue;
    const instantOf = (time: string) => date.toZonedDateTime({ timeZone: calendar.timeZone, plainTime: time }).epochMilliseconds;
    yield { date, from: instantOf(calendar.from), to: instantOf(calendar.to) };
  }
}
