/** The five fields of a cron expression, each as all the values that it means, ascending. */
export interface Cron {
  /** As it was written. */
  readonly text: string;
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: readonly number[];
  /** Of the month; undefined where every one will do. */
  readonly days: readonly number[] | undefined;
  /** 0 is Sunday; undefined where every one will do. With `days`, as cron has it, either is enough. */
  readonly weekdays: readonly number[] | undefined;
}

const monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const weekdayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const longestMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads `minute hour day month weekday`: each `*`, a number, a range or a list, with a step after `*` or a range; months
 * and weekdays also by three letters. Undefined where the text is something else, or names a day that never comes.
 */
export function parseCron(text: string): Cron | undefined {
  const [minute, hour, day, month, weekday, ...more] = text.trim().split(/\s+/);
  if (minute === undefined || hour === undefined || day === undefined || month === undefined || weekday === undefined || more.length > 0) {
    return undefined;
  }
  const minutes = readField(minute, 0, 59);
  const hours = readField(hour, 0, 23);
  const days = readField(day, 1, 31);
  const months = readField(month, 1, 12, monthNames);
  const weekdays = readField(weekday, 0, 7, weekdayNames);
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  const isAnyDay = day === "*";
  const isAnyWeekday = weekday === "*";
  if (isAnyWeekday && !months.some((each) => Math.min(...days) <= (longestMonths[each - 1] ?? 0))) return undefined;
  return {
    text,
    minutes,
    hours,
    months,
    days: isAnyDay ? undefined : days,
    // Sunday is 0 and 7.
    weekdays: isAnyWeekday ? undefined : [...new Set(weekdays.map((each) => each % 7))].sort((a, b) => a - b),
  };
}

function readField(text: string, least: number, most: number, names: readonly string[] = []): number[] | undefined {
  const values = new Set<number>();
  for (const part of text.toLowerCase().split(",")) {
    const [, from, to, step] = /^(\*|\d+|[a-z]+)(?:-(\d+|[a-z]+))?(?:\/(\d+))?$/.exec(part) ?? [];
    if (from === undefined || (from === "*" && to !== undefined) || (step !== undefined && from !== "*" && to === undefined))
      return undefined;
    const first = from === "*" ? least : readValue(from, least, names);
    const last = from === "*" ? most : readValue(to ?? from, least, names);
    const stride = Number(step ?? 1);
    if (!(first >= least && last <= most && first <= last && stride > 0)) return undefined;
    for (let value = first; value <= last; value += stride) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

/** NaN for a name that is none. */
function readValue(text: string, least: number, names: readonly string[]): number {
  if (/^\d+$/.test(text)) return Number(text);
  const place = names.indexOf(text);
  return place < 0 ? NaN : place + least;
}
