import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { defaultCalendar } from "../../src/domain/calendar/default-calendar.ts";
import { yearsWithoutHolidays } from "../../src/domain/calendar/years-without-holidays.ts";
import { siteConfig } from "../../src/config/load-config.ts";
import { findEndedHolidays, sayEndedHolidays } from "../../src/insight/ended-holidays.ts";
import { enabledSignals } from "../../src/insight/enabled-signals.ts";
import type { CalendarSetting } from "../../src/signals/site-settings.ts";

const working = [{ within: "3 working days", basis: "policy 12" }];

function endedAt(now: string, calendar: CalendarSetting, limits = working) {
  const site = { ...siteConfig({ dataFolder: "", sites: [] }, "a"), calendar, signals: { "task-overdue": { limits } } };
  return findEndedHolidays(enabledSignals(site), Date.parse(now));
}

test("a calendar whose holidays have ended is told with its years and the signals that count by it", () => {
  const ended = endedAt("2027-03-01T09:00:00Z", { holidays: ["2026-12-25", "2026-12-28"] });
  expect(ended).toEqual({ years: [2027], signals: ["task-overdue"] });
  expect(ended && sayEndedHolidays(ended)).toMatch(/no holiday in 2027: .*too soon \(task-overdue\)\. Add them .*add: \[2027-01-01\]/);
});

test("it is told a month ahead, and not where no limit counts working time, or a site works on every holiday", () => {
  expect(endedAt("2026-12-01T09:00:00Z", { holidays: ["2026-12-25"] })).toBeUndefined();
  expect(endedAt("2026-12-02T09:00:00Z", { holidays: ["2026-12-25"] })?.years).toEqual([2027]);
  expect(endedAt("2027-03-01T09:00:00Z", { holidays: ["2026-12-25"] }, [{ within: "PT4H", basis: "policy 12" }])).toBeUndefined();
  expect(endedAt("2027-03-01T09:00:00Z", { holidays: [] })).toBeUndefined();
});

test("the holidays of England that come with the program last until the end of 2028, in the site's own zone", () => {
  const years = (at: string, timeZone = "Europe/London") => yearsWithoutHolidays({ ...defaultCalendar, timeZone }, Date.parse(at));
  expect([2023, 2024, 2025, 2026, 2027].flatMap((year) => years(`${String(year)}-12-31T12:00:00Z`))).toEqual([]);
  expect(years("2028-12-20T12:00:00Z")).toEqual([2029]);
  expect(years("2028-12-31T20:00:00Z", "Asia/Tokyo")).toEqual([2029]);
});

test("the README shows England's of 2026 and 2027 as the program has them", () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const shown = [...readme.matchAll(/^ +- (202[67]-\d\d-\d\d)$/gm)].map(([, day]) => day);
  expect(shown).toEqual(defaultCalendar.holidays.filter((day) => /^202[67]/.test(day)));
});
