import { Temporal } from "temporal-polyfill";
import type { Instant } from "./instant.ts";

/**
 * Milliseconds of an ISO 8601 duration of fixed length (`PT6H`, `P14D`: 1 day = 24 h, 1 week = 7 days); undefined
 * where the text is none, is negative, or has years or months, whose length depends on the date.
 */
export function exactDurationMs(text: string): number | undefined {
  const duration = parseDuration(text);
  if (duration === undefined || duration.years !== 0 || duration.months !== 0) return undefined;
  return duration.total({ unit: "millisecond", relativeTo: Temporal.PlainDate.from("2000-01-01") });
}

/** A duration counted back on the calendar (`P2Y`: the same date two years before), in the named zone. */
export function beforeByCalendar(at: Instant, duration: string, timeZone: string): Instant {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).subtract(duration).epochMilliseconds;
}

/** Undefined where the text is no ISO 8601 duration, or a negative one. */
export function parseDuration(text: string): Temporal.Duration | undefined {
  try {
    const duration = Temporal.Duration.from(text);
    return duration.sign < 0 ? undefined : duration;
  } catch {
    return undefined;
  }
}

/** `2 hours`, `14 days`, `1 hour 30 minutes`: exact, up to two days in hours, as clinicians say it. */
export function durationInWords(ms: number): string {
  const largestUnit = ms > 48 * 3_600_000 ? "day" : "hour";
  const rounded = Temporal.Duration.from({ milliseconds: ms }).round({ largestUnit });
  return (["days", "hours", "minutes", "seconds"] as const)
    .filter((unit) => rounded[unit] !== 0)
    .map((unit) => `${String(rounded[unit])} ${rounded[unit] === 1 ? unit.slice(0, -1) : unit}`)
    .join(" ");
}
