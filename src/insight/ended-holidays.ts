import { yearsWithoutHolidays } from "../domain/calendar/years-without-holidays.ts";
import type { Instant } from "../domain/instant.ts";
import type { Signal } from "../domain/signal.ts";

/** Years for which the calendar of a site names no holiday, and the signals that count by it. */
export interface EndedHolidays {
  readonly years: readonly number[];
  readonly signals: readonly string[];
}

/** Undefined where the calendar has holidays for the time judged, or no signal that is on counts in working time. */
export function findEndedHolidays(signals: readonly Signal[], now: Instant): EndedHolidays | undefined {
  const ended = signals.flatMap(({ id, loop }) => {
    const years = (loop?.limits ?? []).flatMap(({ working }) => (working ? yearsWithoutHolidays(working.calendar, now) : []));
    return years.length === 0 ? [] : [{ id, years }];
  });
  if (ended.length === 0) return undefined;
  return { years: [...new Set(ended.flatMap(({ years }) => years))].sort((a, b) => a - b), signals: ended.map(({ id }) => id) };
}

export function sayEndedHolidays({ years, signals }: EndedHolidays): string {
  return `The site's calendar names no holiday in ${years.join(" or ")}: its working days count as if there were none, and what is due then is called late too soon (${signals.join(", ")}). Add them in followthrough.yaml, such as calendar: { holidays: { add: [${String(years[0])}-01-01] } }.`;
}
