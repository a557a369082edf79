import { z } from "zod";
import { exampleSchema } from "./example-schema.ts";
import { headFields } from "./head-schema.ts";
import { loopSchema } from "./loop-schema.ts";
import { sequenceSchema } from "./sequence-schema.ts";

/** A signal file has exactly one of these keys. */
const templates = ["loop", "sequence"] as const;

/** A signal file as it is written. */
export const signalSchema = z
  .strictObject({
    ...headFields("What a clinician would say it means.", "the limits"),
    loop: loopSchema.optional(),
    sequence: sequenceSchema.optional(),
    examples: z.array(exampleSchema).min(1, "Give at least one example that fires, and one that does not."),
  })
  .refine((written) => templates.filter((template) => template in (written as object)).length === 1, {
    // Said together with whatever else is wrong with the file.
    when: ({ value }) => typeof value === "object" && value !== null,
    error: "A signal has exactly one template: loop, sequence or series.",
  })
  .meta({ title: "A signal of Followthrough" });

export type WrittenSignal = z.infer<typeof signalSchema>;
