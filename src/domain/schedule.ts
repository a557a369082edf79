import { Temporal } from "temporal-polyfill";
import type { Cron } from "./cron.ts";
import type { Instant } from "./instant.ts";

/** What a site is scanned for: what is new; or, over a wide overlap, also what the increments may not have been given. */
export type DueKind = "increment" | "reconcile";

/** When a site is scanned, in its own time zone. */
export type Schedule = Readonly<Record<DueKind, Cron | "off">>;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * The slots after one instant, up to and with another, ascending. When clocks change, a schedule of every hour runs in
 * every hour that passes; any other runs once for each time on the wall: at the first of two that read the same, and for
 * one that the clocks leap over, at the instant after the leap. (Neither node-cron nor croner 11 does so for `0 1,13 * * *`:
 * the first leaves out the night in spring, the second also runs twice in autumn.)
 */
export function slotsBetween(cron: Cron, timeZone: string, after: Instant, upTo: Instant): Instant[] {
  if (after >= upTo) return [];
  const found = new Set<Instant>();
  // Where clocks go back over midnight, a time of tomorrow may come before one of today.
  const last = dateAt(upTo, timeZone).add({ days: 1 });
  for (let date = dateAt(after, timeZone); Temporal.PlainDate.compare(date, last) <= 0; date = date.add({ days: 1 })) {
    if (!includesDate(cron, date)) continue;
    for (const slot of slotsOn(cron, timeZone, date)) if (slot > after && slot <= upTo) found.add(slot);
  }
  return [...found].sort((a, b) => a - b);
}

/** The latest slot at or before an instant. No cron is without one for longer than 8 years, as 29 February may be. */
export function lastSlot(cron: Cron, timeZone: string, at: Instant): Instant {
  for (let days = 2; ; days *= 8) {
    const slot = slotsBetween(cron, timeZone, at - days * 24 * hourMs, at).at(-1);
    if (slot !== undefined) return slot;
  }
}

function dateAt(at: Instant, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate();
}

function includesDate({ months, days, weekdays }: Cron, date: Temporal.PlainDate): boolean {
  if (!months.includes(date.month)) return false;
  const isDay = days?.includes(date.day);
  const isWeekday = weekdays?.includes(date.dayOfWeek % 7);
  if (isDay === undefined) return isWeekday ?? true;
  return isDay || isWeekday === true;
}

function slotsOn(cron: Cron, timeZone: string, date: Temporal.PlainDate): Instant[] {
  const start = date.toZonedDateTime(timeZone);
  // Looked at from afar: a time of this day may come again after midnight.
  const isOrdinary = start.subtract({ hours: 24 }).offsetNanoseconds === start.add({ hours: 48 }).offsetNanoseconds;
  return cron.hours.flatMap((hour) =>
    cron.minutes.flatMap((minute) =>
      // Plain arithmetic, for all but a few days a year: it is done every few seconds.
      isOrdinary
        ? start.epochMilliseconds + hour * hourMs + minute * minuteMs
        : slotsAt(cron, timeZone, date.toPlainDateTime({ hour, minute })),
    ),
  );
}

/** The instants at which a time on the wall is a slot, on a day when the clocks change. */
function slotsAt(cron: Cron, timeZone: string, wall: Temporal.PlainDateTime): Instant[] {
  const isEveryHour = cron.hours.length === 24;
  const earlier = wall.toZonedDateTime(timeZone, { disambiguation: "earlier" });
  const later = wall.toZonedDateTime(timeZone, { disambiguation: "later" });
  if (earlier.equals(later)) return [earlier.epochMilliseconds];
  const comesTwice = earlier.toPlainDateTime().equals(wall);
  if (comesTwice) return isEveryHour ? [earlier.epochMilliseconds, later.epochMilliseconds] : [earlier.epochMilliseconds];
  const leap = earlier.getTimeZoneTransition("next");
  return isEveryHour || leap === null ? [] : [leap.epochMilliseconds];
}
