import { z } from "zod";
import { by, named, where } from "./clause-schema.ts";
import { grade, via } from "./vocabulary.ts";
import { duration, oneOf, oneOrMany, prose } from "./written-values.ts";

const opening = z.strictObject({ activity: named, where: where.optional() });

const sameSubject = z.literal("subject", {
  error: ({ input }) =>
    `A loop is closed by events on the same record only: write same: subject, or leave it out. same: ${JSON.stringify(input)} is not supported here.`,
});

const closing = z.strictObject({
  activity: named,
  via: via.optional(),
  same: sameSubject.optional(),
  by: by.optional(),
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

export const loopSchema = z.strictObject({
  opens: z.array(opening).min(1, "Name at least one activity that opens the loop."),
  closes: z.array(closing).min(1, "Name at least one activity that closes the loop."),
  cancels: oneOrMany(cancelling).optional(),
  limits: z.array(limit).min(1, "Give at least one limit."),
  unless: z.strictObject({ "told-within": duration }).optional(),
});

export type WrittenLoop = z.infer<typeof loopSchema>;
