import { z } from "zod";
import { isKey, readKey, showKey } from "../store/quarantine-key.ts";
import { countQuarantineKinds, listQuarantinePage, unreadableType } from "../store/quarantine-page.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { endpoint } from "./endpoint.ts";
import { quarantineCount, quarantinedSchema, showQuarantined } from "./quarantine-schema.ts";
import { readSites, siteQuery } from "./site-query.ts";
import { readSeen, seenSchema } from "./seen.ts";
import { next, pageQuery } from "./value-schemas.ts";

const list = "quarantine";

export const listQuarantineEndpoint = endpoint({
  method: "get",
  path: "/quarantine",
  summary: "What could not be used, the newest first",
  description:
    "Each is kept whole with the reason, and makes the loops that it may bear on `unknown`. Nothing of the resources themselves is in the list.",
  query: z.object({
    ...siteQuery,
    code: z.array(z.string()).optional().meta({ description: "Why, as the list says it; may be given several times" }),
    type: z
      .array(z.string())
      .optional()
      .meta({ description: `Resource type, or \`${unreadableType}\` where that cannot be told` }),
    ...pageQuery(500),
  }),
  answers: z.object({
    quarantined: z.array(quarantinedSchema),
    next,
    counts: z.array(quarantineCount).meta({ description: "Of all that the filter lets through, not of this page alone" }),
    seen: seenSchema,
  }),
  problems: ["unknown-filter-value", "not-a-cursor"],
  answer: async (parts, { viewer, query, pageAt }) => {
    const place = readCursor(query.cursor, list, isKey);
    const sites = await readSites(parts, viewer, query.site);
    const filter = { sites, codes: query.code, types: query.type };
    const after = place && { since: place.at, key: readKey(place.id) };
    const page = await listQuarantinePage(parts.db, viewer, filter, { limit: query.limit, after });
    const counts = await countQuarantineKinds(parts.db, viewer, filter);
    const nextPlace = page.next && { of: list, at: page.next.since, ids: [showKey(page.next.key)] };
    return {
      body: {
        quarantined: page.quarantined.map(showQuarantined),
        next: pageAt(nextPlace && writeCursor(nextPlace)),
        counts: counts.map((count) => ({ ...count, type: count.type ?? null })),
        seen: await readSeen(parts, viewer, { ...(sites && { sites }) }),
      },
    };
  },
});
