import { z } from "zod";
import { tier } from "./vocabulary.ts";
import { day, hazardId, oneOf, prose, signalId } from "./written-values.ts";

const several = (what: string) => z.array(prose).min(1, `Write at least one ${what}.`);

/** What every signal file says of itself, whatever its template; every field but one is required, for optional ones decay. */
export function headFields(means: string, restsOn: string) {
  return {
    id: signalId,
    replaces: z
      .literal(true, { error: "Write replaces: true, or leave the line out." })
      .optional()
      .meta({ description: "Of a site's own signal: it takes the place of the catalogue's signal of this id." }),
    version: z.int({ error: "Write a whole number, 1 for the first version." }).positive("The first version is 1."),
    tier,
    severity: oneOf(["high", "medium", "low"], "severity"),
    title: prose,
    means: prose.meta({ description: means }),
    "often-harmless": several("case in which it is harmless"),
    "next-steps": several("next step"),
    references: z.array(z.strictObject({ title: prose, "review-by": day })).min(1, `Name what ${restsOn} rest on.`),
    hazards: z.array(hazardId).min(1, "Name at least one hazard that it controls."),
  };
}

export type WrittenHead = z.infer<z.ZodObject<ReturnType<typeof headFields>>>;
