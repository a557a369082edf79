import { z } from "zod";
import { limit } from "./loop-schema.ts";
import { atLeastTwice } from "./sequence-schema.ts";
import { count, rule } from "./series-schema.ts";
import { tier } from "./vocabulary.ts";
import { day, duration, oneOf } from "./written-values.ts";

const limits = z.array(limit).min(1, "Give at least one limit, or leave limits out.");

/** What a site says of one signal: each key stands over what the signal's file says. */
const signalSetting = z.strictObject({
  enabled: z.boolean({ error: "Write true or false." }).optional(),
  tier: tier.optional(),
  /** A table instead of the signal's, or rows before its own: the first that fits counts. */
  limits: z.union([limits, z.strictObject({ first: limits })]).optional(),
  /** Of a sequence: its window, and how often the step comes that repeats. */
  within: duration.optional(),
  times: atLeastTwice.optional(),
  /** Of a series: a table of rules instead of its own, and what a period is judged against. */
  rules: z.array(rule).min(1, "Give at least one rule, or leave rules out.").optional(),
  history: duration.optional(),
  needs: count.optional(),
  fewest: count.optional(),
  settles: duration.optional(),
});

export const signalSettings = z.record(z.string(), signalSetting);

export const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

const timeOfDay = z
  .string({ error: "Write a time of day, such as 08:30." })
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "Write a time of day, such as 08:30.");

/** When a site works: what a limit in working days or hours counts by. */
export const calendarSetting = z.strictObject({
  days: z.array(oneOf(weekdays, "day of the week")).min(1, "Name at least one day, or leave the line out.").optional(),
  hours: z
    .strictObject({ from: timeOfDay, to: timeOfDay })
    .refine(({ from, to }) => from < to, "Working hours begin before they end, on the same day.")
    .optional(),
  /** Days instead of the bank holidays of England, or days beside them, less some. */
  holidays: z.union([z.array(day), z.strictObject({ add: z.array(day).optional(), remove: z.array(day).optional() })]).optional(),
});

export type SignalSetting = z.infer<typeof signalSetting>;
export type CalendarSetting = z.infer<typeof calendarSetting>;

/** What a site says of signals, over the catalogue. */
export interface SiteSignals {
  /** IANA name: of its calendar. */
  readonly timeZone: string;
  /** By id. */
  readonly signals: Readonly<Record<string, SignalSetting>>;
  /** Absolute folders of signals of the site's own. */
  readonly ownSignals?: readonly string[];
  /** Absolute folders of value sets, over those of the program. */
  readonly valueSets?: readonly string[];
  readonly calendar?: CalendarSetting;
}
