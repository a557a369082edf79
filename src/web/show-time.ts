import { Temporal } from "temporal-polyfill";
import { formatInstant } from "../domain/format-instant.ts";
import type { Instant, Interval, StatedTime } from "../domain/instant.ts";

/** A time for people, and the same for programs: `<time datetime>`. */
export interface ShownTime {
  readonly iso: string;
  readonly text: string;
}

/** A sentence with times in it, in their order. */
export type Sentence = readonly (string | ShownTime)[];

/** `16 Mar 2026, 05:52 GMT`, in the site's zone. */
export function showTime(at: Instant, timeZone: string): ShownTime {
  return { iso: formatInstant(at), text: `${dayOf(at, timeZone)}, ${clockOf(at, timeZone)}` };
}

/** `05:52 GMT`: where the day is said beside it. */
function showClock(at: Instant, timeZone: string): ShownTime {
  return { iso: formatInstant(at), text: clockOf(at, timeZone) };
}

/** From and to, the second time without its day where that is the same. */
export function showSpan({ from, to }: Interval, timeZone: string): Sentence {
  const end = dayOf(from, timeZone) === dayOf(to, timeZone) ? showClock(to, timeZone) : showTime(to, timeZone);
  return [showTime(from, timeZone), " to ", end];
}

function dayOf(at: Instant, timeZone: string): string {
  return formatsOf(timeZone).day.format(at).replace("Sept", "Sep");
}

function clockOf(at: Instant, timeZone: string): string {
  return formatsOf(timeZone).clock.format(at);
}

interface Formats {
  readonly day: Intl.DateTimeFormat;
  readonly clock: Intl.DateTimeFormat;
}

/** To make one takes thirty times as long as to use it, and a page shows a hundred times. Sites are in few zones. */
const formats = new Map<string, Formats>();

function formatsOf(timeZone: string): Formats {
  const held = formats.get(timeZone);
  if (held) return held;
  const made = {
    day: new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone }),
    clock: new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone, timeZoneName: "short" }),
  };
  formats.set(timeZone, made);
  return made;
}

const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `02-May-1941 (84y)`, as an identity banner writes it (NHS Common User Interface); as much of it as the record says. */
export function showBirth(born: StatedTime, now: Instant, timeZone: string): string {
  const date = dateIn(born.at, timeZone);
  const month = monthNames[date.month - 1] ?? "";
  if (born.precision === "year") return String(date.year);
  if (born.precision === "month") return `${month}-${date.year}`;
  return `${String(date.day).padStart(2, "0")}-${month}-${date.year} (${ageAt(date, todayIn(now, timeZone))})`;
}

function ageAt(born: Temporal.PlainDate, today: Temporal.PlainDate): string {
  const isBefore = today.month < born.month || (today.month === born.month && today.day < born.day);
  const years = today.year - born.year - (isBefore ? 1 : 0);
  // Nearly everybody; to count months takes ten times as long.
  if (years >= 2) return `${years}y`;
  const { months, days } = born.until(today, { largestUnit: "month" });
  return months > 0 ? `${months}m` : `${days}d`;
}

/** One page asks fifty times for the same. */
const todays = new Map<string, { readonly now: Instant; readonly date: Temporal.PlainDate }>();

function todayIn(now: Instant, timeZone: string): Temporal.PlainDate {
  const held = todays.get(timeZone);
  if (held?.now === now) return held.date;
  const date = dateOf(now, timeZone);
  todays.set(timeZone, { now, date });
  return date;
}

/** The same births are shown on page after page. */
const dates = new Map<string, Temporal.PlainDate>();
const mostDates = 10_000;

function dateIn(at: Instant, timeZone: string): Temporal.PlainDate {
  const asked = `${at} ${timeZone}`;
  const held = dates.get(asked);
  if (held) return held;
  if (dates.size >= mostDates) dates.clear();
  const date = dateOf(at, timeZone);
  dates.set(asked, date);
  return date;
}

function dateOf(at: Instant, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate();
}
