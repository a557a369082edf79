import type { Instant } from "../../src/domain/instant.ts";

const minuteMs = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clock on the wall reads, as if it were UTC. */
function wallAt(timeZone: string, at: Instant): Instant {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat("en-GB", { timeZone, hourCycle: "h23", dateStyle: "short", timeStyle: "short", calendar: "gregory" });
  formats.set(timeZone, format);
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(parts["year"]!, parts["month"]! - 1, parts["day"], parts["hour"], parts["minute"]);
}

/** Fields of a cron expression as they are written by `written`: an oracle needs no parser. */
export interface PlainCron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: readonly number[] | "*";
  readonly weekdays: readonly number[] | "*";
}

export function written({ minutes, hours, days, weekdays }: PlainCron): string {
  const list = (values: readonly number[] | "*"): string => (values === "*" ? "*" : values.join(","));
  return `${list(minutes)} ${list(hours)} ${list(days)} * ${list(weekdays)}`;
}

/** The slots in `(after, upTo]`, found by watching the clock on the wall minute by minute. */
export function watchedSlots(cron: PlainCron, timeZone: string, after: Instant, upTo: Instant): Instant[] {
  const seen = new Set<Instant>();
  const slots: Instant[] = [];
  // From some days before, to know which times have been on the wall already.
  const start = after - 3 * 24 * 60 * minuteMs;
  let before = wallAt(timeZone, start - minuteMs);
  for (let at = start; at <= upTo; at += minuteMs) {
    const wall = wallAt(timeZone, at);
    if (at > after && isSlot(cron, wall, before, seen)) slots.push(at);
    seen.add(wall);
    before = wall;
  }
  return slots;
}

function isSlot(cron: PlainCron, wall: Instant, before: Instant, seen: ReadonlySet<Instant>): boolean {
  if (cron.hours.length === 24) return matches(cron, wall);
  if (matches(cron, wall) && !seen.has(wall)) return true;
  for (let missed = before + minuteMs; missed < wall; missed += minuteMs) if (matches(cron, missed)) return true;
  return false;
}

function matches({ minutes, hours, days, weekdays }: PlainCron, wall: Instant): boolean {
  const date = new Date(wall);
  if (!minutes.includes(date.getUTCMinutes()) || !hours.includes(date.getUTCHours())) return false;
  const isDay = days !== "*" && days.includes(date.getUTCDate());
  const isWeekday = weekdays !== "*" && weekdays.includes(date.getUTCDay());
  return isDay || isWeekday || (days === "*" && weekdays === "*");
}
