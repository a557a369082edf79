/** Epoch milliseconds. */
export type Instant = number;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** What the clocks on the wall are ahead of UTC: an hour from 01:00 UTC on the last Sunday of March to that of October. */
function offsetOf(at: Instant): number {
  const year = new Date(at).getUTCFullYear();
  return at >= lastSunday(year, 2) && at < lastSunday(year, 9) ? HOUR : 0;
}

function lastSunday(year: number, month: number): Instant {
  const end = new Date(Date.UTC(year, month + 1, 0, 1));
  return end.getTime() - end.getUTCDay() * DAY;
}

/** The hour that the wall shows, with its fraction. */
export function hourOf(at: Instant): number {
  return ((((at + offsetOf(at)) % DAY) + DAY) % DAY) / HOUR;
}

/** When the wall shows this hour, on the day of `at` or so many days later. */
export function atHour(at: Instant, hour: number, daysLater = 0): Instant {
  const local = Math.floor((at + offsetOf(at)) / DAY) * DAY + daysLater * DAY + Math.round(hour * 3_600) * SECOND;
  return local - offsetOf(local - HOUR);
}

/** 0 is Sunday. */
function weekdayOf(at: Instant): number {
  return new Date(at + offsetOf(at)).getUTCDay();
}

export function isWeekend(at: Instant): boolean {
  return [0, 6].includes(weekdayOf(at));
}

/** The same hour of the first working day at or after `at`. */
export function nextWorkday(at: Instant): Instant {
  let day = at;
  while (isWeekend(day)) day += DAY;
  return day;
}

/** Days since 1970 on the wall: what rotas turn by. */
export function dayNumber(at: Instant): number {
  return Math.floor((at + offsetOf(at)) / DAY);
}

/** `YYYY-MM-DD` on the wall. */
export function dayOf(at: Instant): string {
  return new Date(at + offsetOf(at)).toISOString().slice(0, 10);
}
