import { z } from "zod";
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
  })
  .meta({ id: "Signal" });

const activity = z.array(z.enum(activities));
const by = z.enum(["person", "anyone"]);
const where = z
  .object({
    urgency: z.array(z.enum(urgencies)),
    setting: z.array(z.enum(["emergency", "inpatient", "outpatient", "other"])),
    priority: z.array(z.enum(priorities)),
    kind: z.array(z.enum(["laboratory", "imaging", "referral"])),
  })
  .partial()
  .optional()
  .meta({ description: "Every one named must hold, one of its values each" });

const closes = z.object({
  activity,
  by,
  via: z.enum(["report", "order", "task", "audit", "provenance", "communication", "act", "patient"]).optional(),
  gradeAtLeast: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]).optional(),
  earlyMs: z.int().optional().meta({ description: "Evidence up to so long before counts too, in milliseconds" }),
  whenever: z.literal(true).optional().meta({ description: "Evidence counts however long before" }),
});

const loop = z.object({
  opens: z.array(z.object({ activity, where })),
  closes: z.array(closes),
  cancels: z.array(z.object({ activity, same: z.enum(["subject", "patient"]) })),
  limits: z
    .array(z.object({ where, withinMs: z.int().optional(), duration: z.string(), basis: z.string() }))
    .meta({ description: "The first row that fits counts" }),
  unlessToldWithinMs: z.int().optional(),
});

const joins = z.array(z.enum(["subject", "actor", "patient", "code", "order", "encounter"]));
const sequence = z.object({
  steps: z.array(z.object({ activity, where, by, same: joins, different: joins, withinMs: z.int().optional() })),
  withinMs: z.int().optional().meta({ description: "From the first step to the last, in milliseconds" }),
  without: z.object({ activity, gradeAtLeast: z.int(), by, same: joins, since: activity }).optional(),
});

export const definitionSchema = signalSchema
  .extend({
    oftenHarmless: z.array(z.string()),
    nextSteps: z.array(z.string()),
    references: z.array(z.object({ title: z.string(), reviewBy: z.string() })),
    hazards: z.array(z.string()),
    loop: loop.meta({ id: "Loop", description: "When X happens to a record, Y must follow within a limit" }).optional(),
    sequence: sequence.meta({ id: "Sequence", description: "A, then B, then C: what should not have happened" }).optional(),
  })
  .meta({ id: "SignalDefinition" });
