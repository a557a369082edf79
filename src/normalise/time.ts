import { Temporal } from "temporal-polyfill";
import type { Instant } from "../domain/instant.ts";
import type { Precision, StatedTime } from "../domain/instant.ts";
import { readDigits } from "../domain/read-digits.ts";

const dateTime = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s?(Z|z|([+-])(\d{2}):?(\d{2}))?$/;
const dateOnly = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;

/** The last that was read and carried its zone. */
let lastText = "";
let lastTime: StatedTime | undefined;

/**
 * A FHIR instant, dateTime or date as the period it stands for; undefined where it cannot be read
 * (`2026-02-30`, `12:011:30`, a year outside 1900 to 9999), so that the next source in the row is tried.
 * What carries no zone is in the site's: an hour that occurs twice is the first, one that does not occur moves on.
 */
export function parseTime(value: unknown, timeZone: string): StatedTime | undefined {
  if (typeof value !== "string" || value.length < 4) return undefined;
  // A version's readers ask for the same time one after another.
  if (value === lastText) return lastTime;
  const usual = parseUsual(value);
  if (usual !== undefined) {
    lastText = value;
    lastTime = usual;
    return usual;
  }
  const text = value.trim();
  const match = dateTime.exec(text);
  if (match === null) return parseDate(text, timeZone);
  const year = Number(match[1]);
  const month = Number(match[2]);
  const day = Number(match[3]);
  const hour = Number(match[4]);
  const minute = Number(match[5]);
  const second = Number(match[6] ?? 0);
  if (!isDate(year, month, day) || hour > 23 || minute > 59 || second > 60) return undefined;
  const millisecond = match[7] === undefined ? 0 : Number(match[7].slice(0, 3).padEnd(3, "0"));
  if (match[8] === undefined) {
    const local = localInstant(timeZone, year, month, day, hour, minute, Math.min(second, 59), millisecond);
    return { at: local, end: local, precision: "instant", zoneAssumed: true };
  }
  let at = Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
  if (match[9] !== undefined) {
    const hours = Number(match[10]);
    const minutes = Number(match[11]);
    if (hours > 14 || minutes > 59) return undefined;
    at -= (match[9] === "-" ? -1 : 1) * (hours * 60 + minutes) * 60_000;
  }
  return { at, end: at, precision: "instant" };
}

/** `2026-03-01T09:00:00Z`, also with thousandths: most times are written so, and a match of the whole pattern costs ten times this. */
function parseUsual(text: string): StatedTime | undefined {
  const isWhole = text.length === 20;
  if ((!isWhole && (text.length !== 24 || text.charCodeAt(19) !== 46)) || text.charCodeAt(text.length - 1) !== 90) return undefined;
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45 || text.charCodeAt(10) !== 84) return undefined;
  if (text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return undefined;
  const year = readDigits(text, 0, 4);
  const [month, day] = [readDigits(text, 5, 7), readDigits(text, 8, 10)];
  const [hour, minute, second] = [readDigits(text, 11, 13), readDigits(text, 14, 16), readDigits(text, 17, 19)];
  const millisecond = isWhole ? 0 : readDigits(text, 20, 23);
  // What is not digits is NaN, and NaN is in no range.
  const isTime = hour <= 23 && minute <= 59 && second <= 59 && millisecond <= 999;
  if (!isTime || !(year >= 1900) || !(month >= 1 && month <= 12) || !(day >= 1 && day <= 28)) return undefined;
  const at = (((daysBefore(year, month) + day - 1) * 24 + hour) * 60 + minute) * 60_000 + second * 1_000 + millisecond;
  return { at, end: at, precision: "instant" };
}

const daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/** Days from 1970 to the first of a month: `Date.UTC` costs more than all else in reading a time. */
function daysBefore(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const leapDays = leapDaysBefore(year) - leapDaysBefore(1970) + (isLeap && month > 2 ? 1 : 0);
  return (year - 1970) * 365 + leapDays + (daysBeforeMonth[month - 1] ?? 0);
}

function leapDaysBefore(year: number): number {
  const last = year - 1;
  return Math.floor(last / 4) - Math.floor(last / 100) + Math.floor(last / 400);
}

function isDate(year: number, month: number, day: number): boolean {
  if (year < 1900 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
  return day <= 28 || day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function localInstant(
  timeZone: string,
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
  millisecond = 0,
): Instant {
  return new Temporal.PlainDateTime(year, month, day, hour, minute, second, millisecond).toZonedDateTime(timeZone, {
    disambiguation: "compatible",
  }).epochMilliseconds;
}

/** Dates repeat (births, dues): reading one through the zone's rules costs some twenty times a look in this map. */
const readDates = new Map<string, StatedTime | undefined>();
const mostReadDates = 20_000;

function parseDate(text: string, timeZone: string): StatedTime | undefined {
  const match = dateOnly.exec(text);
  if (match === null) return undefined;
  const name = `${text} ${timeZone}`;
  if (readDates.has(name)) return readDates.get(name);
  if (readDates.size >= mostReadDates) readDates.clear();
  const time = datePeriod(Number(match[1]), match[2], match[3], timeZone);
  readDates.set(name, time);
  return time;
}

function datePeriod(year: number, monthText: string | undefined, dayText: string | undefined, timeZone: string): StatedTime | undefined {
  const month = monthText === undefined ? 1 : Number(monthText);
  const day = dayText === undefined ? 1 : Number(dayText);
  if (!isDate(year, month, day)) return undefined;
  const precision: Precision = dayText !== undefined ? "day" : monthText !== undefined ? "month" : "year";
  const first = new Temporal.PlainDate(year, month, day);
  const next = first.add(precision === "day" ? { days: 1 } : precision === "month" ? { months: 1 } : { years: 1 });
  return {
    at: localInstant(timeZone, year, month, day),
    end: localInstant(timeZone, next.year, next.month, next.day),
    precision,
    zoneAssumed: true,
  };
}
