import { z } from "zod";
import type { SeriesSignal } from "../domain/series.ts";
import type { Signal } from "../domain/signal.ts";
import { activities } from "../domain/activity.ts";
import { priorities, tiers, urgencies } from "../domain/verdict.ts";

export const signalSchema = z
  .object({
    id: z.string(),
    version: z.int(),
    tier: z.enum(tiers),
    severity: z.enum(["high", "medium", "low"]),
    title: z.string(),
    means: z.string().meta({ description: "What a clinician would say it means" }),
    onByDefault: z.boolean(),
    kind: z.enum(["loop", "sequence", "series"]).meta({ description: "By which template it is written" }),
    origin: z
      .object({
        baseHash: z.string().meta({ description: "Of the logic of its file" }),
        isOwn: z.boolean().meta({ description: "Its file is the site's own" }),
        changes: z.array(z.string()).meta({ description: "What the site's configuration says otherwise" }),
      })
      .optional()
      .meta({ description: "Absent: it is as the catalogue has it" }),
    atSite: z
      .object({
        site: z.string(),
        isOn: z.boolean(),
        state: z.enum(["runs", "blind", "waits", "cannot-run"]).nullable().meta({
          description:
            "`blind`: it runs, and part of what it needs is not seen. `waits`: a series that has too little history somewhere. null: nothing is held of the site yet, or looking into that takes longer than an answer may, and goes on",
        }),
        says: z.array(z.string()).meta({ description: "Why, and what to do about it, a sentence each" }),
      })
      .optional()
      .meta({ id: "AtSite", description: "Whether it runs at the site asked for; absent where none was" }),
  })
  .meta({ id: "Signal" });

const ruleNames = ["silent", "below", "above", "outside", "shift", "trend", "outer-third"] as const;

/** A series as a list shows it. */
export const seriesListedSchema = signalSchema
  .extend({
    measures: z.enum(["records", "share-without-value", "mean-value", "repeats"]),
    per: z.enum(["hour", "day", "week"]),
    rules: z.array(z.enum(ruleNames)).meta({ description: "Which it may break: an alarm" }),
  })
  .meta({ id: "Series", description: "A number per period of a feed or of the whole site, judged against its own history; no patient's" });

export function kindOf(signal: Signal | SeriesSignal): "loop" | "sequence" | "series" {
  return "series" in signal ? "series" : signal.loop ? "loop" : "sequence";
}

const activity = z.array(z.enum(activities));
const by = z.enum(["person", "anyone"]);
const join = z.enum(["subject", "actor", "patient", "code", "order", "encounter"]);
const valueSets = z.array(
  z.object({ id: z.string(), title: z.string(), codings: z.array(z.object({ system: z.string().optional(), code: z.string() })) }),
);
const comparisons = z.array(z.object({ comparator: z.enum(["<", "<=", ">", ">="]), value: z.number(), unit: z.string() }));
const joins = z.array(join);

const where = z
  .object({
    urgency: z.array(z.enum(urgencies)),
    setting: z.array(z.enum(["emergency", "inpatient", "outpatient", "other"])),
    priority: z.array(z.enum(priorities)),
    kind: z.array(z.enum(["laboratory", "imaging", "referral"])),
    code: valueSets,
    answer: valueSets,
    conclusion: valueSets,
    flag: z.array(z.enum(["high", "low"])),
    value: comparisons,
    part: comparisons,
    age: z.object({ from: z.int(), to: z.int() }).partial(),
  })
  .partial()
  .optional()
  .meta({ description: "Every one named must hold, one of its values each" });

const closes = z.object({
  activity,
  where,
  same: joins.optional().meta({ description: "What it has in common with the opening; absent: the record" }),
  by,
  via: z.enum(["report", "order", "task", "audit", "provenance", "communication", "act", "patient"]).optional(),
  gradeAtLeast: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]).optional(),
  earlyMs: z.int().optional().meta({ description: "Evidence up to so long before counts too, in milliseconds" }),
  notBeforeMs: z.int().optional().meta({ description: "Evidence counts only from so long after, in milliseconds" }),
  whenever: z.literal(true).optional().meta({ description: "Evidence counts however long before" }),
  changed: z.literal("dose").optional().meta({ description: "Only where it says another dose than the last one before" }),
});

const after = z.object({ activity, where, same: join, withinMs: z.int().optional(), beforeFirst: activity.optional() });
const working = z.object({
  amount: z.int(),
  unit: z.enum(["days", "hours"]),
  calendar: z.object({ timeZone: z.string(), days: z.array(z.int()), from: z.string(), to: z.string(), holidays: z.array(z.string()) }),
});

const loop = z.object({
  opens: z.array(z.object({ activity, where, after: z.array(after).optional() })),
  closes: z.array(closes),
  cancels: z.array(z.object({ activity, same: join })),
  limits: z
    .array(z.object({ where, withinMs: z.int().optional(), working: working.optional(), duration: z.string(), basis: z.string() }))
    .meta({ description: "The first row that fits counts" }),
  unlessToldWithinMs: z.int().optional(),
  unless: z
    .array(z.object({ name: z.string(), activity, where, same: join, withinMs: z.int().optional(), before: z.literal(true).optional() }))
    .optional()
    .meta({ description: "Not opened where one of these happened before" }),
  lapse: z
    .literal("next")
    .optional()
    .meta({ description: "Evidence belongs to the opening whose turn it is: what comes with the next is the next one's" }),
  grace: z.object({ due: z.number(), lapse: z.number() }).optional(),
});

const sequence = z.object({
  steps: z.array(z.object({ activity, where, by, same: joins, different: joins, withinMs: z.int().optional() })),
  withinMs: z.int().optional().meta({ description: "From the first step to the last, in milliseconds" }),
  without: z.object({ activity, gradeAtLeast: z.int(), by, same: joins, since: activity }).optional(),
});

const events = { activity, code: valueSets.optional() };
const rule = { basis: z.string() };
const side = { side: z.enum(["high", "low"]).optional() };

const series = z.object({
  number: z
    .discriminatedUnion("what", [
      z.object({ what: z.literal("records") }),
      z.object({ what: z.literal("share-without-value"), ...events }),
      z.object({
        what: z.literal("mean-value"),
        unit: z.string(),
        molarMass: z.number().optional(),
        charge: z.number().optional(),
        ...events,
      }),
      z.object({ what: z.literal("repeats"), withinMs: z.int(), ...events }),
    ])
    .meta({ description: "What is counted or measured of each period" }),
  per: z.enum(["hour", "day", "week"]),
  against: z.enum(["hour-of-week", "itself"]).meta({ description: "The same hour of the weeks before, or the periods before" }),
  historyMs: z.int(),
  needs: z.int().meta({ description: "How many known numbers the history must hold" }),
  fewest: z.int().optional().meta({ description: "A period with fewer events has no number" }),
  settlesMs: z.int().optional().meta({ description: "How long what comes late is waited for" }),
  rare: z
    .object({ historyMs: z.int(), needs: z.int() })
    .optional()
    .meta({ description: "Where events are rare, the days between them are judged" }),
  rules: z.array(
    z.discriminatedUnion("rule", [
      z.object({ rule: z.literal("silent"), busy: z.number(), weeks: z.int(), ...rule }),
      z.object({ rule: z.literal("below"), share: z.number(), busy: z.number(), ...rule }),
      z.object({ rule: z.literal("above"), times: z.number(), busy: z.number(), ...rule }),
      z.object({ rule: z.enum(["outside", "shift", "trend", "outer-third"]), ...side, ...rule }),
    ]),
  ),
});

export const definitionSchema = signalSchema
  .extend({
    oftenHarmless: z.array(z.string()),
    nextSteps: z.array(z.string()),
    references: z.array(z.object({ title: z.string(), reviewBy: z.string() })),
    hazards: z.array(z.string()),
    loop: loop.meta({ id: "Loop", description: "When X happens to a record, Y must follow within a limit" }).optional(),
    sequence: sequence.meta({ id: "Sequence", description: "A, then B, then C: what should not have happened" }).optional(),
    series: series
      .meta({
        id: "SeriesTemplate",
        description: "A number per period, judged by rules of statistical process control; of systems, never of a patient",
      })
      .optional(),
  })
  .meta({ id: "SignalDefinition" });
