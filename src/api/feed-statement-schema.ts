import { z } from "zod";
import { formatInstant } from "../domain/format-instant.ts";
import type { FeedStatement } from "../domain/feed-statement.ts";
import { id, time } from "./value-schemas.ts";

const says = z
  .enum(["outage", "silence-accepted"])
  .meta({ description: "outage: nothing reliable came, so it is a gap; silence-accepted: nothing was to come, so it is none" });

export const feedStatementSchema = z
  .object({
    id,
    site: z.string(),
    says,
    source: z.string(),
    type: z.string().nullable().meta({ description: "null: every feed of the source" }),
    from: time,
    to: time,
    reason: z.string(),
    actor: z.string(),
    at: time,
  })
  .meta({ id: "FeedStatement", description: "What a person says of a feed's time; the next scan judges by it" });

export const newFeedStatement = z.object({
  id: id.optional().meta({ description: "Made by the client: sent again, it is the same" }),
  site: z.string(),
  says,
  source: z.string(),
  type: z.string().optional().meta({ description: "Absent: every feed of the source" }),
  from: time,
  to: time,
  reason: z.string(),
});

export function showFeedStatement(site: string, { type, from, to, at, ...rest }: FeedStatement): z.input<typeof feedStatementSchema> {
  return { ...rest, site, type: type ?? null, from: formatInstant(from), to: formatInstant(to), at: formatInstant(at) };
}
