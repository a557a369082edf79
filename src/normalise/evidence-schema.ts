import { z } from "zod";
import { didYouMean } from "../domain/nearest-name.ts";

const text = z.string().trim().min(1);

/** Codes in any system, or of one. */
const codes = z.array(z.union([text, z.strictObject({ system: text.optional(), codes: z.array(text).min(1) })])).min(1);

/** A site's own way of saying something: of each element that is named, the record has one of the codes. */
function wayOf<T extends z.ZodRawShape>(elements: T) {
  const names = Object.keys(elements).filter((name) => name !== "from");
  return z
    .strictObject(elements)
    .refine((way) => Object.keys(way).length > 1, `Say which records it is: by one or more of ${names.join(", ")}.`);
}

const wayTypes = ["AuditEvent", "Provenance", "Task", "Communication"] as const;

/** R4 names; R5's `category` and `code` of an AuditEvent are its type and subtype. */
const way = z.discriminatedUnion(
  "from",
  [
    wayOf({
      from: z.literal("AuditEvent"),
      type: codes.optional(),
      subtype: codes.optional(),
      action: codes.optional(),
      "entity-type": codes.optional(),
      "entity-role": codes.optional(),
    }),
    wayOf({ from: z.literal("Provenance"), activity: codes.optional(), agent: codes.optional() }),
    wayOf({ from: z.literal("Task"), code: codes.optional(), "business-status": codes.optional(), status: codes.optional() }),
    wayOf({ from: z.literal("Communication"), category: codes.optional(), medium: codes.optional() }),
  ],
  {
    error: ({ input }) => {
      const from: unknown = typeof input === "object" && input !== null && "from" in input ? input.from : undefined;
      const hint = typeof from === "string" ? didYouMean(from, wayTypes) : "";
      return `"from" says which records tell it.${hint || ` Write one of ${wayTypes.join(", ")}.`}`;
    },
  },
);

type ElementOf<T> = T extends unknown ? Exclude<keyof T, "from"> : never;
export type Element = ElementOf<z.infer<typeof way>>;

/** The types that say it in their usual way, and the site's own ways. */
function tellingBy<const T extends readonly (typeof wayTypes)[number][]>(...usual: T) {
  const error = `Write ${usual.join(", ")} for the usual way of such records, or { from: ${wayTypes.join(" | ")}, … } for the site's own.`;
  return z.array(z.union([z.enum(usual, { error }), way]));
}

export const evidenceSchema = z.strictObject({
  viewed: tellingBy("AuditEvent"),
  acknowledged: tellingBy("Task", "AuditEvent", "Provenance"),
  communicated: tellingBy("Communication"),
});

export type WrittenEvidence = z.infer<typeof evidenceSchema>;
