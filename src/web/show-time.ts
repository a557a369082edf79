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
  const { years, months, days } = date.until(dateOf(now, timeZone), { largestUnit: "year" });
  const age = years >= 2 ? `${years}y` : years * 12 + months > 0 ? `${years * 12 + months}m` : `${days}d`;
  return `${String(date.day).padStart(2, "0")}-${month}-${date.year} (${age})`;
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
