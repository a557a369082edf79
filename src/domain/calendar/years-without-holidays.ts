import { Temporal } from "temporal-polyfill";
import type { Instant } from "../instant.ts";
import type { Calendar } from "./calendar.ts";

/** What opens now may count its working days into the next year. */
const aheadDays = 30;

/** The year of an instant, and the one that a month later lies in, of which a calendar names no holiday though it names some: its list has ended. */
export function yearsWithoutHolidays({ timeZone, holidays }: Calendar, at: Instant): number[] {
  if (holidays.length === 0) return [];
  const today = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  const years = new Set([today.year, today.add({ days: aheadDays }).year]);
  return [...years].filter((year) => !holidays.some((day) => day.startsWith(`${String(year)}-`)));
}
