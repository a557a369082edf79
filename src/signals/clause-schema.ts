import { z } from "zod";
import { activity, kind, priority, setting, urgency } from "./vocabulary.ts";
import { comparison, oneOf, oneOrMany, signalId } from "./written-values.ts";

/** What the templates have in common. */
export const named = oneOrMany(activity);

const years = z.int("Write whole years.").min(0, "Write whole years.");

/** Names of value sets (src/signals/value-sets, or the site's own). */
const sets = oneOrMany(signalId);

export const where = z.strictObject({
  urgency: oneOrMany(urgency).optional(),
  setting: oneOrMany(setting).optional(),
  priority: oneOrMany(priority).optional(),
  kind: oneOrMany(kind).optional(),
  code: sets.optional(),
  answer: sets.optional(),
  conclusion: sets.optional(),
  flag: oneOrMany(oneOf(["high", "low"], "side")).optional(),
  value: oneOrMany(comparison).optional(),
  part: oneOrMany(comparison).optional(),
  age: z.strictObject({ from: years.optional(), to: years.optional() }).optional(),
});

export const by = oneOf(["person", "anyone"], "answer to who");

export const join = oneOf(["subject", "actor", "patient", "code", "order", "encounter"], "correlation");

export type WrittenWhere = z.infer<typeof where>;
