import { z } from "zod";
import { listFeedStatements } from "../store/feed-statement.ts";
import { listSites } from "../store/site.ts";
import { endpoint } from "./endpoint.ts";
import { feedStatementSchema, showFeedStatement } from "./feed-statement-schema.ts";
import { readSeen, seenSchema } from "./seen.ts";
import { readSites, siteQuery } from "./site-query.ts";

export const listFeedStatementsEndpoint = endpoint({
  method: "get",
  path: "/feed-statements",
  summary: "Outages that people entered, and silent hours that they accepted: those in force",
  query: z.object(siteQuery),
  answers: z.object({ statements: z.array(feedStatementSchema), seen: seenSchema }),
  problems: ["unknown-filter-value"],
  answer: async (parts, { viewer, query }) => {
    const wanted = await readSites(parts, viewer, query.site);
    const seen = await readSeen(parts, viewer, { ...(wanted && { sites: wanted }) });
    const statements: z.input<typeof feedStatementSchema>[] = [];
    for (const { siteId, name } of await listSites(parts.db)) {
      if (!seen.sites.some(({ site }) => site === name)) continue;
      statements.push(...(await listFeedStatements(parts.db, siteId)).map((each) => showFeedStatement(name, each)));
    }
    return { body: { statements, seen } };
  },
});
