import { Temporal } from "temporal-polyfill";
import type { Instant, StatedTime } from "../../src/domain/instant.ts";
import { objectOf, textOf } from "./json.ts";

/** When an event happened: `[at, end)` for a date, `end === at` for an instant. */
export interface When {
  readonly at: Instant;
  readonly end: Instant;
  /** The true time is at or before `at` ("an upper bound"). */
  readonly bound: boolean;
}

export const minute = 60_000;
export const hour = 60 * minute;
/** "`PT2H`, `PT48H`, `P14D` are exact elapsed time (1 day = 24 h)." */
export const day = 24 * hour;

const shape = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;

/** A FHIR date, dateTime or instant; "unreadable text is absent". */
export function readTime(value: unknown, zone: string): StatedTime | undefined {
  const parts = typeof value === "string" ? shape.exec(value.trim()) : null;
  if (parts === null) return undefined;
  const [, year, month, dayOfMonth, hours, minutes, seconds, fraction, offset] = parts;
  try {
    const date = Temporal.PlainDate.from(
      { year: Number(year), month: Number(month ?? 1), day: Number(dayOfMonth ?? 1) },
      { overflow: "reject" },
    );
    if (hours === undefined) {
      const step = dayOfMonth !== undefined ? { days: 1 } : month !== undefined ? { months: 1 } : { years: 1 };
      const precision = dayOfMonth !== undefined ? "day" : month !== undefined ? "month" : "year";
      return { at: startOfDay(date, zone), end: startOfDay(date.add(step), zone), precision };
    }
    const clock = Temporal.PlainTime.from(
      {
        hour: Number(hours),
        minute: Number(minutes),
        second: Math.min(Number(seconds ?? 0), seconds === "60" ? 59 : 99),
        millisecond: Number((fraction ?? "0").slice(0, 3).padEnd(3, "0")),
      },
      { overflow: "reject" },
    );
    const local = date.toPlainDateTime(clock);
    // "An hour that occurs twice is the first; one that does not occur moves on."
    const at = local.toZonedDateTime(offset === undefined ? zone : offset === "Z" ? "UTC" : offset, {
      disambiguation: "compatible",
    }).epochMilliseconds;
    return { at, end: at, precision: "instant", ...(offset === undefined ? { zoneAssumed: true as const } : {}) };
  } catch {
    return undefined;
  }
}

function startOfDay(date: Temporal.PlainDate, zone: string): Instant {
  return date.toZonedDateTime(zone).startOfDay().epochMilliseconds;
}

export function exact(stated: StatedTime): When {
  return { at: stated.at, end: stated.end, bound: false };
}

/** The first of several sources that can be read ("the next source in the row is tried"). */
export function firstTime(zone: string, ...values: unknown[]): When | undefined {
  for (const value of values) {
    const stated = readTime(value, zone);
    if (stated !== undefined) return exact(stated);
  }
  return undefined;
}

export function lastUpdatedOf(body: unknown, zone: string): Instant | undefined {
  return readTime(textOf(objectOf(objectOf(body)["meta"])["lastUpdated"]), zone)?.at;
}

/** "P2Y" before an instant, by the calendar. */
export function yearsBefore(now: Instant, years: number): Instant {
  return Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO("UTC").subtract({ years }).epochMilliseconds;
}

/**
 * The instant at which evidence closes or cancels a loop opened at `o`, or nothing where it came before. "Closing
 * evidence as an interval: where its day reaches past *o*, at the later of the day's start and *o*." Evidence up to
 * `earlyMs` before *o* "counts as at *o*".
 */
export function instantAgainst(when: When, o: Instant, earlyMs = 0): Instant | undefined {
  if (when.at >= o) return when.at;
  if (when.end > o) return o;
  const last = when.end > when.at ? when.end - 1 : when.at;
  return earlyMs > 0 && last >= o - earlyMs ? o : undefined;
}

/** Sixteenth birthdays and the like, at the day's start. */
export function birthdayAt(birthDate: unknown, age: number, zone: string): { from: Instant; to: Instant } | undefined {
  const born = readTime(birthDate, zone);
  if (born === undefined) return undefined;
  const plus = (at: Instant) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).add({ years: age }).epochMilliseconds;
  return { from: plus(born.at), to: plus(born.end) };
}
