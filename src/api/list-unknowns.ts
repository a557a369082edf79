import { z } from "zod";
import { reasons } from "../domain/verdict.ts";
import { formatInstant } from "../domain/format-instant.ts";
import { listUnknowns } from "../store/unknown.ts";
import { endpoint } from "./endpoint.ts";
import { readFilterOf, unknownQuery } from "./finding-query.ts";
import { readSeen, seenSchema } from "./seen.ts";
import { time } from "./value-schemas.ts";

const unknown = z
  .object({
    site: z.string(),
    signal: z.string(),
    reason: z.enum(reasons),
    count: z.int(),
    gap: z
      .object({ types: z.array(z.string()), why: z.array(z.string()), from: time, to: time })
      .nullable()
      .meta({ description: "What could not be seen, where that is the reason" }),
    settledBy: z.string().meta({ description: "What would settle them" }),
  })
  .meta({ id: "Unknown" });

export const listUnknownsEndpoint = endpoint({
  method: "get",
  path: "/unknowns",
  summary: "What nobody can judge: one line a gap, with its count and what would settle it",
  query: z.object(unknownQuery),
  answers: z.object({ unknowns: z.array(unknown).meta({ description: "The commonest first" }), seen: seenSchema }),
  problems: ["unknown-filter-value", "not-a-time"],
  answer: async (parts, { viewer, query }) => {
    const filter = await readFilterOf(parts, viewer, query);
    const lines = await listUnknowns(parts.db, viewer, filter);
    const unknowns = lines.map(({ gap, ...line }) => ({
      ...line,
      gap: gap ? { ...gap, from: formatInstant(gap.from), to: formatInstant(gap.to) } : null,
    }));
    return { body: { unknowns, seen: await readSeen(parts, viewer, filter) } };
  },
});
