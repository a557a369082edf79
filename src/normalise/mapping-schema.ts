import { z } from "zod";

const text = z.string().trim().min(1);
const texts = z.array(text);
const group = z.strictObject({ system: text.optional(), codes: texts.min(1) });
const groups = z.array(group);

const regularExpression = text.refine((pattern) => {
  try {
    return new RegExp(pattern) instanceof RegExp;
  } catch {
    return false;
  }
}, "is no regular expression");

const limit = z
  .strictObject({
    name: text,
    unit: text,
    "molar-mass": z.number().positive().optional(),
    charge: z.int().positive().optional(),
    loinc: texts.min(1),
    low: z.number().optional(),
    high: z.number().optional(),
    "under-16": z.strictObject({ low: z.number().optional(), high: z.number().optional() }).optional(),
  })
  .refine(({ low, high }) => low !== undefined || high !== undefined, "needs low, high or both");

/** A mapping file as it is written (`default-mapping.yaml` shows every key). */
export const mappingSchema = z
  .strictObject({
    version: z.int().positive(),
    systems: z.record(text, texts.min(1)),
    reports: z.strictObject({ laboratory: groups, imaging: groups, other: groups, notes: groups }),
    "critical-conclusions": groups,
    observations: z.strictObject({
      laboratory: groups,
      imaging: groups,
      procedure: groups,
      "vital-signs": groups,
      survey: groups,
      "social-history": groups,
      other: groups,
    }),
    "normal-ranges": groups,
    orders: z.strictObject({ laboratory: groups, imaging: groups, referral: groups }),
    reviews: groups,
    priorities: z.strictObject({ stat: texts, asap: texts, urgent: texts, routine: texts }),
    audit: z.strictObject({
      success: texts,
      read: groups,
      "search-prefix": text,
      create: groups,
      update: groups,
      delete: groups,
      attest: groups,
      transmit: groups,
      machines: groups,
      humans: groups,
      "patient-role": groups,
      "patient-type": groups,
      "person-type": groups,
      "record-role": groups,
      "names-that-identify-patients": z.array(z.strictObject({ pattern: regularExpression, system: text })),
    }),
    provenance: z.strictObject({ attest: groups, verifiers: groups }),
    "team-identifier-systems": texts,
    labels: z.strictObject({ restricted: groups, test: groups }),
    interpretations: z.strictObject({ critical: texts, abnormal: texts, normal: texts }),
    "critical-limits": z.array(limit),
  })
  .superRefine((mapping, context) => reportUnknownSystems(mapping, mapping.systems, [], context));

export type WrittenMapping = z.infer<typeof mappingSchema>;
export type WrittenGroup = z.infer<typeof group>;

/** A system is a name of `systems` or a URL: anything else is a slip of the pen, and would match nothing in silence. */
function reportUnknownSystems(
  part: unknown,
  systems: Readonly<Record<string, unknown>>,
  path: PropertyKey[],
  context: z.RefinementCtx,
): void {
  if (typeof part !== "object" || part === null) return;
  for (const [key, member] of Object.entries(part)) {
    const here = [...path, Array.isArray(part) ? Number(key) : key];
    if (key === "system" && typeof member === "string" && !Object.hasOwn(systems, member) && !member.includes(":")) {
      context.addIssue({ code: "custom", path: here, message: `"${member}" is neither a name under systems nor a URL` });
    } else reportUnknownSystems(member, systems, here, context);
  }
}
