import { z } from "zod";
import { evidenceSchema } from "./evidence-schema.ts";
import { overrideOf } from "./merge-over.ts";

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
}, "This is no regular expression.");

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
  .refine(({ low, high }) => low !== undefined || high !== undefined, "A limit needs low, high or both.");

/** A mapping as it is written whole (`default-mapping.yaml` shows every key). */
export const mappingSchema = z.strictObject({
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
  evidence: evidenceSchema,
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
});

/** A site's own file: any part of it, merged over the default by `mergeOver`. */
export const siteMappingSchema = overrideOf(mappingSchema.omit({ version: true }));

export type WrittenMapping = z.infer<typeof mappingSchema>;
export type WrittenGroup = z.infer<typeof group>;
