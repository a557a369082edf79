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
  const atMidnight = remember((day: number) => offsetOf(day * dayMs));
  const byHour = remember((hour: number) => offsetOf(hour * hourMs));
  return (at) => {
    const day = Math.floor(at / dayMs);
    const offset = atMidnight(day);
    return offset === atMidnight(day + 1) ? offset : byHour(Math.floor(at / hourMs));
  };
}

const offsetsOf = remember(makeOffsets);

function remember<Key, Value>(find: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const found = known.get(key) ?? find(key);
    known.set(key, found);
    return found;
  };
}

/** The days (or weeks, from Monday) that lie wholly in an interval, in order: from midnight to midnight by the zone's clock. */
export function wholePeriods({ from, to }: Interval, per: "day" | "week", timeZone: string): Interval[] {
  const days = per === "week" ? 7 : 1;
  const day = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(timeZone).startOfDay();
  const first = per === "week" ? day.subtract({ days: day.dayOfWeek - 1 }).epochMilliseconds : day.epochMilliseconds;
  const periods: Interval[] = [];
  for (let start = first < from ? daysAfter(first, days, timeZone) : first; ;) {
    const end = daysAfter(start, days, timeZone);
    if (end > to) return periods;
    periods.push({ from: start, to: end });
    start = end;
  }
}

/** The midnight so many days after a midnight; where the clocks do not change between, without asking for the zone's rules. */
function daysAfter(midnight: Instant, days: number, timeZone: string): Instant {
  const offsetAt = offsetsOf(timeZone);
  const plain = midnight + days * dayMs;
  const offset = offsetAt(midnight);
  // Where a change of the clocks leaves out midnight itself, the day begins later.
  if (offsetAt(plain) === offset && (midnight + offset) % dayMs === 0) return plain;
  return Temporal.Instant.fromEpochMilliseconds(midnight).toZonedDateTimeISO(timeZone).add({ days }).startOfDay().epochMilliseconds;
}

/** The starts of the hours that lie wholly in an interval. */
export function wholeHours({ from, to }: Interval): Instant[] {
  const first = Math.ceil(from / hourMs);
  const count = Math.max(0, Math.floor(to / hourMs) - first);
  return Array.from({ length: count }, (_, index) => (first + index) * hourMs);
}
