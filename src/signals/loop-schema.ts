import { z } from "zod";
import { by, join, named, where } from "./clause-schema.ts";
import { grade, via } from "./vocabulary.ts";
import { duration, oneOrMany, prose, signalId, workingTime } from "./written-values.ts";

/** What must have come before, in the order given. */
const precondition = z.strictObject({
  activity: named,
  where: where.optional(),
  same: join.optional(),
  within: duration.optional(),
  "before-first": named.optional(),
});

const opening = z.strictObject({ activity: named, where: where.optional(), after: oneOrMany(precondition).optional() });

const closing = z.strictObject({
  activity: named,
  where: where.optional(),
  via: via.optional(),
  same: oneOrMany(join).optional(),
  by: by.optional(),
  grade: grade.optional(),
  early: duration.optional(),
  "not-before": duration.optional(),
  changed: z.literal("dose", { error: "Write changed: dose, or leave the line out." }).optional(),
  whenever: z.literal(true, { error: "Write whenever: true, or leave the line out." }).optional(),
});

const cancelling = z.strictObject({ activity: named, same: join.optional() });

export const limit = z
  .strictObject({
    where: where.optional(),
    within: z.union([workingTime, duration]).optional(),
    at: z.literal("due", { error: "Write at: due (the record's own due date), or within: with a duration." }).optional(),
    basis: prose,
  })
  .refine(({ within, at }) => (within === undefined) !== (at === undefined), {
    // Said together with whatever else is wrong with the row, not after it is mended.
    when: ({ value }) => typeof value === "object" && value !== null,
    error: "A limit has either within: with a duration, or at: due for the record's own due date.",
  });

/** What excuses: it happened at the opening or so long before; without `within`, as long as records are kept. */
const lookBack = z.strictObject({
  name: signalId,
  activity: named,
  where: where.optional(),
  same: join.optional(),
  within: duration.optional(),
  before: z.literal(true, { error: "Write before: true, or leave the line out." }).optional(),
});

const factor = z.number("Write a factor, such as 1.33.").min(1, "Write a factor of at least 1.");

export const loopSchema = z.strictObject({
  opens: z.array(opening).min(1, "Name at least one activity that opens the loop."),
  closes: z.array(closing).min(1, "Name at least one activity that closes the loop."),
  cancels: oneOrMany(cancelling).optional(),
  limits: z.array(limit).min(1, "Give at least one limit."),
  unless: z.strictObject({ "told-within": duration.optional(), "look-back": z.array(lookBack).optional() }).optional(),
  /** At the next opening on the same record: a missed dose is not given by the next one. */
  lapse: z.literal("next", { error: "Write lapse: next, or leave the line out." }).optional(),
  /** Due at so many times the limit; what comes after `lapse` times the limit closes nothing. */
  grace: z.strictObject({ due: factor, lapse: factor }).optional(),
});

export type WrittenLimit = z.infer<typeof limit>;
export type WrittenLoop = z.infer<typeof loopSchema>;
