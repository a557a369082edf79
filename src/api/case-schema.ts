import { z } from "zod";
import { finding, status } from "./finding-schema.ts";

export const caseSchema = z
  .object({
    key: z.string().meta({ examples: ["ServiceRequest/sr-1"] }),
    site: z.string(),
    status,
    findings: z.array(finding).min(1).meta({ description: "What the case is shown by is the first" }),
  })
  .meta({ id: "Case", description: "All current findings of one record together with its order and Tasks" });
