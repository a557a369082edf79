import type { Calendar } from "./calendar.ts";
import { englandBankHolidays } from "./england-bank-holidays.ts";

/** Office hours in England: what a limit in working time counts by where the site names no calendar. */
export const defaultCalendar: Calendar = {
  timeZone: "Europe/London",
  days: [1, 2, 3, 4, 5],
  from: "09:00",
  to: "17:00",
  holidays: englandBankHolidays,
};
