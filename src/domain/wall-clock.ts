import { Temporal } from "temporal-polyfill";
import type { Instant, Interval } from "./instant.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * How far a zone's clock is ahead of UTC at an instant, in milliseconds. The zone's rules are slow to ask: once a day will
 * do, but for the days on which the clocks change.
 */
export function makeOffsets(timeZone: string): (at: Instant) => number {
  const offsetOf = (at: Instant): number => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).offsetNanoseconds / 1e6;
  const atMidnight = remember((day) => offsetOf(day * dayMs));
  const byHour = remember((hour) => offsetOf(hour * hourMs));
  return (at) => {
    const day = Math.floor(at / dayMs);
    const offset = atMidnight(day);
    return offset === atMidnight(day + 1) ? offset : byHour(Math.floor(at / hourMs));
  };
}

function remember(find: (key: number) => number): (key: number) => number {
  const known = new Map<number, number>();
  return (key) => {
    const found = known.get(key) ?? find(key);
    known.set(key, found);
    return found;
  };
}

/** The day of an instant, from midnight to midnight by the zone's clock. */
export function dayOf(at: Instant, timeZone: string): Interval {
  const day = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).startOfDay();
  return { from: day.epochMilliseconds, to: day.add({ days: 1 }).epochMilliseconds };
}

/** The days that lie wholly in an interval, in order. */
export function wholeDays({ from, to }: Interval, timeZone: string): Interval[] {
  const days: Interval[] = [];
  let day = dayOf(from, timeZone);
  if (day.from < from) day = dayOf(day.to, timeZone);
  for (; day.to <= to; day = dayOf(day.to, timeZone)) days.push(day);
  return days;
}

/** The starts of the hours that lie wholly in an interval. */
export function wholeHours({ from, to }: Interval): Instant[] {
  const first = Math.ceil(from / hourMs);
  const count = Math.max(0, Math.floor(to / hourMs) - first);
  return Array.from({ length: count }, (_, index) => (first + index) * hourMs);
}
