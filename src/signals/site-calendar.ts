import type { Calendar } from "../domain/calendar/calendar.ts";
import { defaultCalendar } from "../domain/calendar/default-calendar.ts";
import { weekdays, type CalendarSetting, type SiteSignals } from "./site-settings.ts";

/** Office hours in England where the site says nothing else, in its own time zone. */
export function siteCalendar({ timeZone, calendar = {} }: Pick<SiteSignals, "timeZone" | "calendar">): Calendar {
  const { days, hours, holidays } = calendar;
  return {
    ...defaultCalendar,
    timeZone,
    ...(days && { days: weekdays.flatMap((name, index) => (days.includes(name) ? [index + 1] : [])) }),
    ...hours,
    holidays: holidaysOf(holidays),
  };
}

function holidaysOf(setting: CalendarSetting["holidays"]): readonly string[] {
  if (setting === undefined) return defaultCalendar.holidays;
  if (Array.isArray(setting)) return setting.toSorted();
  const { add = [], remove = [] } = setting;
  return [...new Set([...defaultCalendar.holidays, ...add])].filter((each) => !remove.includes(each)).sort();
}
