import { z } from "zod";
import { worklistVerdicts } from "../domain/verdict.ts";
import { listCases } from "../store/case.ts";
import { countFindings } from "../store/held-back.ts";
import { recordLook } from "../store/look.ts";
import { readQuietSites } from "../store/quiet-sites.ts";
import { caseSchema } from "./case-schema.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { endpoint } from "./endpoint.ts";
import { caseQuery, readFilterOf } from "./finding-query.ts";
import { counts } from "./finding-schema.ts";
import { readSeen, seenSchema } from "./seen.ts";
import { next, pageQuery } from "./value-schemas.ts";

const list = "cases";

export const listCasesEndpoint = endpoint({
  method: "get",
  path: "/cases",
  summary: "The worklist: cases with something missed, the most urgent first",
  description: "Each with everything current of it. `counts` are of the missed findings that the filter asks for. Each look is recorded.",
  query: z.object({ ...caseQuery, ...pageQuery(100) }),
  answers: z.object({ cases: z.array(caseSchema), next, counts, seen: seenSchema }),
  problems: ["unknown-filter-value", "not-a-time", "not-a-cursor"],
  answer: async (parts, { viewer, query, pageAt }) => {
    const { db, clock, makeId } = parts;
    const after = readCursor(query.cursor, list);
    const quiet = await readQuietSites(db);
    const filter = await readFilterOf(parts, viewer, query, quiet);
    const from = after && { after: { rank: after.rank, dueAt: after.at, id: after.id } };
    const page = await listCases(db, viewer, filter, { limit: query.limit, ...from }, quiet);
    const seen = await readSeen(parts, viewer, filter, quiet);
    const counted = await countFindings(db, viewer, { ...filter, verdicts: worklistVerdicts });
    const shown = page.cases.flatMap(({ findings }) => findings);
    await recordLook(db, viewer, { how: "GET cases", shown, at: clock() }, makeId);
    const place = page.next && { of: list, rank: page.next.rank, at: page.next.dueAt, ids: [page.next.id] };
    return { body: { cases: page.cases, next: pageAt(place && writeCursor(place)), counts: counted, seen } };
  },
});
