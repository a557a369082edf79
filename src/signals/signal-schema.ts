import { z } from "zod";
import { exampleSchema } from "./example-schema.ts";
import { activity, grade, kind, priority, setting, tier, urgency, via } from "./vocabulary.ts";
import { day, duration, hazardId, oneOf, oneOrMany, prose, signalId } from "./written-values.ts";

const named = oneOrMany(activity);

const where = z.strictObject({
  urgency: oneOrMany(urgency).optional(),
  setting: oneOrMany(setting).optional(),
  priority: oneOrMany(priority).optional(),
  kind: oneOrMany(kind).optional(),
});

const opening = z.strictObject({ activity: named, where: where.optional() });

const sameSubject = z.literal("subject", {
  error: ({ input }) =>
    `A loop is closed by events on the same record only: write same: subject, or leave it out. same: ${JSON.stringify(input)} is not supported here.`,
});

const closing = z.strictObject({
  activity: named,
  via: via.optional(),
  same: sameSubject.optional(),
  by: oneOf(["person", "anyone"], "answer to who").optional(),
  grade: grade.optional(),
  early: duration.optional(),
  whenever: z.literal(true, { error: "Write whenever: true, or leave the line out." }).optional(),
});

const cancelling = z.strictObject({ activity: named, same: oneOf(["subject", "patient"], "correlation").optional() });

const limit = z
  .strictObject({
    where: where.optional(),
    within: duration.optional(),
    at: z.literal("due", { error: "Write at: due (the record's own due date), or within: with a duration." }).optional(),
    basis: prose,
  })
  .refine(({ within, at }) => (within === undefined) !== (at === undefined), {
    // Said together with whatever else is wrong with the row, not after it is mended.
    when: ({ value }) => typeof value === "object" && value !== null,
    error: "A limit has either within: with a duration, or at: due for the record's own due date.",
  });

const loop = z.strictObject({
  opens: z.array(opening).min(1, "Name at least one activity that opens the loop."),
  closes: z.array(closing).min(1, "Name at least one activity that closes the loop."),
  cancels: oneOrMany(cancelling).optional(),
  limits: z.array(limit).min(1, "Give at least one limit."),
  unless: z.strictObject({ "told-within": duration }).optional(),
});

const several = (what: string) => z.array(prose).min(1, `Write at least one ${what}.`);

/** A signal file as it is written; every field is required, for optional ones decay. */
export const signalSchema = z
  .strictObject({
    id: signalId,
    version: z.int({ error: "Write a whole number, 1 for the first version." }).positive("The first version is 1."),
    tier,
    severity: oneOf(["high", "medium", "low"], "severity"),
    title: prose,
    means: prose.meta({ description: "What a clinician would say it means." }),
    "often-harmless": several("case in which it is harmless"),
    "next-steps": several("next step"),
    references: z.array(z.strictObject({ title: prose, "review-by": day })).min(1, "Name what the limits rest on."),
    hazards: z.array(hazardId).min(1, "Name at least one hazard that it controls."),
    loop,
    examples: z.array(exampleSchema).min(1, "Give at least one example that fires, and one that does not."),
  })
  .meta({ title: "A signal of Followthrough" });

export type WrittenSignal = z.infer<typeof signalSchema>;
export type WrittenLoop = z.infer<typeof loop>;
export type WrittenWhere = z.infer<typeof where>;
