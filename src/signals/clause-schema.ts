import { z } from "zod";
import { activity, kind, priority, setting, urgency } from "./vocabulary.ts";
import { oneOf, oneOrMany } from "./written-values.ts";

/** What the templates have in common. */
export const named = oneOrMany(activity);

export const where = z.strictObject({
  urgency: oneOrMany(urgency).optional(),
  setting: oneOrMany(setting).optional(),
  priority: oneOrMany(priority).optional(),
  kind: oneOrMany(kind).optional(),
});

export const by = oneOf(["person", "anyone"], "answer to who");

export type WrittenWhere = z.infer<typeof where>;
