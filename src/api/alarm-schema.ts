import { z } from "zod";
import { formatInstant } from "../domain/format-instant.ts";
import type { JudgedPeriod } from "../domain/series.ts";
import type { Alarm } from "../store/alarm.ts";
import { id, time } from "./value-schemas.ts";

const rules = ["silent", "below", "above", "outside", "shift", "trend", "outer-third"] as const;

const period = {
  from: time,
  to: time,
  value: z.number().meta({ description: "The number of the period; of an alarm over several, of the first" }),
  limits: z
    .object({ centre: z.number(), lower: z.number(), upper: z.number() })
    .nullable()
    .meta({ description: "What is usual, and between which limits numbers vary by chance; null where the history is too short" }),
  breaks: z.array(z.enum(rules)).meta({ description: "The rules that it breaks" }),
  daysBetween: z
    .boolean()
    .meta({ description: "The value is how many days the last event came after the one before: where events are rare" }),
};

const feedSchema = z.object({ source: z.string(), type: z.string() });

export const alarmSchema = z
  .object({
    id,
    site: z.string(),
    signal: z.string(),
    feed: feedSchema.nullable().meta({ description: "null: the whole site" }),
    ...period,
    accepted: z
      .object({ reason: z.string(), actor: z.string() })
      .nullable()
      .meta({ description: "What somebody said who accepted that nothing came then; null: nobody did" }),
  })
  .meta({
    id: "Alarm",
    description:
      "A period of a series that breaks a rule (of values by the day or week: a run of such periods), of systems, never of a patient",
  });

export const periodSchema = z
  .object(period)
  .meta({ id: "Period", description: "A period of a series that was read whole, with its number" });

export function showAlarm({ id: alarmId, site, signal, feed, accepted, ...of }: Alarm): z.input<typeof alarmSchema> {
  return { id: alarmId, site, signal, feed: feed ?? null, accepted: accepted ?? null, ...showPeriod(of) };
}

export function showPeriod({ from, to, value, limits, breaks, daysBetween }: JudgedPeriod): z.input<typeof periodSchema> {
  return {
    from: formatInstant(from),
    to: formatInstant(to),
    value,
    limits: limits ?? null,
    breaks: [...breaks],
    daysBetween: daysBetween ?? false,
  };
}
