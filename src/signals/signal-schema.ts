import { z } from "zod";
import { exampleSchema } from "./example-schema.ts";
import { loopSchema } from "./loop-schema.ts";
import { sequenceSchema } from "./sequence-schema.ts";
import { tier } from "./vocabulary.ts";
import { day, hazardId, oneOf, prose, signalId } from "./written-values.ts";

const several = (what: string) => z.array(prose).min(1, `Write at least one ${what}.`);

/** A signal file has exactly one of these keys. */
const templates = ["loop", "sequence"] as const;

/** A signal file as it is written; every other field is required, for optional ones decay. */
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
    loop: loopSchema.optional(),
    sequence: sequenceSchema.optional(),
    examples: z.array(exampleSchema).min(1, "Give at least one example that fires, and one that does not."),
  })
  .refine((written) => templates.filter((template) => template in (written as object)).length === 1, {
    // Said together with whatever else is wrong with the file.
    when: ({ value }) => typeof value === "object" && value !== null,
    error: `A signal has exactly one template: ${templates.join(" or ")}.`,
  })
  .meta({ title: "A signal of Followthrough" });

export type WrittenSignal = z.infer<typeof signalSchema>;
