import { z } from "zod";
import { listRunPage } from "../store/run-page.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { endpoint } from "./endpoint.ts";
import { readSites, siteQuery } from "./site-query.ts";
import { runSchema, showRun } from "./run-schema.ts";
import { readSeen, seenSchema } from "./seen.ts";
import { next, pageQuery } from "./value-schemas.ts";

const list = "runs";

export const listRunsEndpoint = endpoint({
  method: "get",
  path: "/runs",
  summary: "Runs, the latest first",
  query: z.object({ ...siteQuery, ...pageQuery(500) }),
  answers: z.object({ runs: z.array(runSchema), next, seen: seenSchema }),
  problems: ["unknown-filter-value", "not-a-cursor"],
  answer: async (parts, { viewer, query, pageAt }) => {
    const place = readCursor(query.cursor, list);
    const sites = await readSites(parts, viewer, query.site);
    const after = place && { startedAt: place.at, id: place.id };
    const page = await listRunPage(parts.db, viewer, sites, { limit: query.limit, ...(after && { after }) });
    const nextPlace = page.next && { of: list, at: page.next.startedAt, ids: [page.next.id] };
    const seen = await readSeen(parts, viewer, { ...(sites && { sites }) });
    return { body: { runs: page.runs.map(showRun), next: pageAt(nextPlace && writeCursor(nextPlace)), seen } };
  },
});
