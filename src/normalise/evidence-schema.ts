import { z } from "zod";

const text = z.string().trim().min(1);

/** A code in any system, or codes of one. */
const codes = z.array(z.union([text, z.strictObject({ system: text.optional(), codes: z.array(text).min(1) })])).min(1);

/** Where a site's own way of saying something may look, by resource type. */
export const elementsOf = {
  AuditEvent: ["type", "subtype", "action", "entity-type", "entity-role"],
  Provenance: ["activity", "agent"],
  Task: ["code", "business-status", "status"],
  Communication: ["category", "medium"],
} as const;

export type WayType = keyof typeof elementsOf;
export type Element = (typeof elementsOf)[WayType][number];

/** The codes that each element must have one of; all that are named must hold. */
function wayOf<T extends WayType>(from: T) {
  const elements: readonly Element[] = elementsOf[from];
  return z
    .strictObject({ from: z.literal(from), ...Object.fromEntries(elements.map((element) => [element, codes.optional()])) })
    .refine((way) => Object.keys(way).length > 1, {
      error: `Say which ${from}s: by ${elements.join(", ")}.`,
    }) as unknown as z.ZodType<{ readonly from: T } & Readonly<Partial<Record<Element, z.infer<typeof codes>>>>>;
}

const ways = {
  AuditEvent: wayOf("AuditEvent"),
  Provenance: wayOf("Provenance"),
  Task: wayOf("Task"),
  Communication: wayOf("Communication"),
};

/** The types that say it in their usual way, and the site's own ways. */
function tellingBy<const T extends readonly WayType[]>(...usual: T) {
  const names = usual.length === 1 ? usual[0] : `one of ${usual.join(", ")}`;
  const error = `Write ${names ?? ""} for its usual way, or { from: ${Object.keys(elementsOf).join(" | ")}, … } for another.`;
  return z.array(z.union([z.enum(usual, { error }), ...Object.values(ways)], { error }));
}

export const evidenceSchema = z.strictObject({
  viewed: tellingBy("AuditEvent"),
  acknowledged: tellingBy("Task", "AuditEvent", "Provenance"),
  communicated: tellingBy("Communication"),
});

export type WrittenEvidence = z.infer<typeof evidenceSchema>;
