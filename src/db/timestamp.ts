import type { Instant } from "../domain/instant.ts";
import { readDigits } from "../domain/read-digits.ts";

/**
 * Text that PostgreSQL reads as this timestamptz: ISO 8601 in UTC to the millisecond, `infinity` or `-infinity`.
 * A RangeError where the instant is not a number or beyond what a Date can hold.
 */
export function toTimestamp(instant: Instant): string {
  if (instant === Infinity) return "infinity";
  if (instant === -Infinity) return "-infinity";
  if (instant >= 0 && instant < year10000) return new Date(instant).toISOString();
  const text = new Date(Math.floor(instant)).toISOString();
  // Outside the years 0 to 9999 JavaScript writes a sign and six digits, which PostgreSQL does not read.
  const [, sign, year, rest] = /^([+-]?)(\d+)(-.*)$/.exec(text) ?? [];
  if (sign === "+") return `${Number(year)}${rest}`;
  const beforeChrist = sign === "-" ? Number(year) + 1 : year === "0000" ? 1 : undefined;
  return beforeChrist === undefined ? text : `${String(beforeChrist).padStart(4, "0")}${rest} BC`;
}

const year10000 = 253_402_300_800_000;

const layout = /^(\d{4,})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d+))?([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?( BC)?$/;

/** Reads what PostgreSQL writes for a timestamptz in DateStyle ISO, in whatever zone; microseconds floor to milliseconds. */
export function parseTimestamp(text: string): Instant {
  if (text === "infinity") return Infinity;
  if (text === "-infinity") return -Infinity;
  const usual = parseUsual(text);
  if (!Number.isNaN(usual)) return usual;
  const match = layout.exec(text);
  if (match === null) throw new Error(`"${text}" is not a timestamptz in DateStyle ISO.`);
  const [, year, month, day, hour, minute, second, fraction = "", sign, ...offset] = match;
  const [offsetHours, offsetMinutes, offsetSeconds, beforeChrist] = offset;
  const date = new Date(0);
  // Not Date.UTC, for it takes the years 0 to 99 as 1900 to 1999.
  date.setUTCFullYear(beforeChrist === undefined ? Number(year) : 1 - Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second), Number(fraction.padEnd(3, "0").slice(0, 3)));
  const offsetMs = (Number(offsetHours) * 3600 + Number(offsetMinutes ?? 0) * 60 + Number(offsetSeconds ?? 0)) * 1000;
  return date.getTime() - (sign === "-" ? -offsetMs : offsetMs);
}

/** `2026-03-01 09:00:00.123+00`: four digits of year, in UTC, as our sessions ask for it; NaN where it is written otherwise. */
function parseUsual(text: string): Instant {
  const zone = text.length - 3;
  const isUtc = text.charCodeAt(zone) === 43 && text.charCodeAt(zone + 1) === 48 && text.charCodeAt(zone + 2) === 48;
  if (!isUtc || zone < 19 || text.charCodeAt(4) !== 45 || text.charCodeAt(10) !== 32 || text.charCodeAt(0) === 48) return NaN;
  const date = Date.UTC(readDigits(text, 0, 4), readDigits(text, 5, 7) - 1, readDigits(text, 8, 10));
  const seconds = readDigits(text, 11, 13) * 3600 + readDigits(text, 14, 16) * 60 + readDigits(text, 17, 19);
  if (zone === 19) return date + seconds * 1000;
  // Microseconds, less what is written no further: floored to milliseconds.
  const thousandths = readDigits(text, 20, Math.min(23, zone)) * 10 ** Math.max(0, 23 - zone);
  return date + seconds * 1000 + thousandths;
}
