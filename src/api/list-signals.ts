import { z } from "zod";
import { enabledByDefault, readCatalogue } from "../signals/catalogue.ts";
import { endpoint } from "./endpoint.ts";
import { readSeen, seenSchema } from "./seen.ts";
import { signalSchema } from "./signal-schema.ts";

export const listSignalsEndpoint = endpoint({
  method: "get",
  path: "/signals",
  summary: "The catalogue: what is looked for",
  description: "What was looked for at a site is in `seen`.",
  answers: z.object({ signals: z.array(signalSchema), seen: seenSchema }),
  answer: async (parts, { viewer }) => {
    const signals = readCatalogue().map(({ signal: { id, version, tier, severity, title, means } }) => ({
      id,
      version,
      tier,
      severity,
      title,
      means,
      onByDefault: enabledByDefault.includes(id),
    }));
    return { body: { signals, seen: await readSeen(parts, viewer, {}) } };
  },
});
