import { z } from "zod";
import { by, join, named, where } from "./clause-schema.ts";
import { grade } from "./vocabulary.ts";
import { duration, oneOrMany } from "./written-values.ts";

export const atLeastTwice = z.int("Write a whole number.").min(2, "Once is what a step is without this line.");

const step = z.strictObject({
  activity: named,
  where: where.optional(),
  by: by.optional(),
  /** What it has in common with the first step; else the record. */
  same: oneOrMany(join).optional(),
  /** What it has not in common with the first step. */
  different: oneOrMany(join).optional(),
  /** Since the step before, bounds included. */
  within: duration.optional(),
  /** So many such events, one after the other, on the same record. */
  times: atLeastTwice.optional(),
});

const without = z.strictObject({
  activity: named,
  grade: grade.optional(),
  by: by.optional(),
  same: oneOrMany(join).optional(),
  since: named,
});

/** A, then B within a window, then C: joined with the first, and perhaps without what should have come before it. */
export const sequenceSchema = z.strictObject({
  steps: z.array(step).min(1, "Name at least one step."),
  /** From the first step to the last, bounds included. */
  within: duration.optional(),
  without: without.optional(),
});

export type WrittenSequence = z.infer<typeof sequenceSchema>;
