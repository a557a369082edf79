import { z } from "zod";
import { listFindings } from "../store/finding.ts";
import { countFindings } from "../store/held-back.ts";
import { recordLook } from "../store/look.ts";
import { readQuietSites } from "../store/quiet-sites.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { endpoint } from "./endpoint.ts";
import { findingQuery, readFilterOf } from "./finding-query.ts";
import { counts, finding } from "./finding-schema.ts";
import { readSeen, seenSchema } from "./seen.ts";
import { next, pageQuery } from "./value-schemas.ts";

export const listFindingsEndpoint = endpoint({
  method: "get",
  path: "/findings",
  summary: "Findings: the worklist's, unless asked otherwise",
  description:
    "Without `all`: findings of worklist-tier signals with a current status, no test patients. Naming an id, a verdict or a status asks for exactly that. Each look is recorded.",
  query: z.object({
    ...findingQuery,
    order: z
      .enum(["due", "urgency"], { error: "Write due or urgency." })
      .default("due")
      .meta({ description: "By due time; or missed before late before unknown, then by urgency, then by due time" }),
    ...pageQuery(500),
  }),
  answers: z.object({ findings: z.array(finding), next, counts, seen: seenSchema }),
  problems: ["unknown-filter-value", "not-a-time", "not-an-id", "not-a-cursor"],
  answer: async (parts, { viewer, query, pageAt }) => {
    const { db, clock, makeId } = parts;
    const { order, limit } = query;
    const list = `findings by ${order}`;
    const after = readCursor(query.cursor, list);
    const quiet = await readQuietSites(db);
    const filter = await readFilterOf(parts, viewer, query, quiet);
    const place = after && { after: { rank: after.rank, dueAt: after.at, id: after.id } };
    const page = await listFindings(db, viewer, filter, { limit, order, ...place }, quiet);
    const seen = await readSeen(parts, viewer, filter, quiet);
    const counted = await countFindings(db, viewer, filter);
    await recordLook(db, viewer, { how: "GET findings", shown: page.findings, at: clock() }, makeId);
    const nextAddress = pageAt(page.next && writeCursor({ of: list, rank: page.next.rank, at: page.next.dueAt, ids: [page.next.id] }));
    return { body: { findings: page.findings, next: nextAddress, counts: counted, seen } };
  },
});
