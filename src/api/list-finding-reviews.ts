import { z } from "zod";
import { findFinding } from "../store/finding.ts";
import { recordLook } from "../store/look.ts";
import { listReviews } from "../store/past-review.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { endpoint } from "./endpoint.ts";
import { review } from "./finding-schema.ts";
import { findingNotFound } from "./get-finding.ts";
import { readSeen, seenSchema } from "./seen.ts";
import { idParams, next, pageQuery } from "./value-schemas.ts";

const list = "reviews";

export const listFindingReviewsEndpoint = endpoint({
  method: "get",
  path: "/findings/{id}/reviews",
  summary: "The recorded steps of a finding's review, oldest first",
  description: "Also where the finding itself is gone. The look is recorded.",
  params: idParams,
  query: z.object(pageQuery(500)),
  answers: z.object({ reviews: z.array(review), next, seen: seenSchema }),
  problems: ["finding-not-found", "not-a-cursor"],
  answer: async (parts, { viewer, params, query, pageAt }) => {
    const { db, clock, makeId } = parts;
    const place = readCursor(query.cursor, list);
    const after = place && { at: place.at, id: place.id, loopId: place.ids[1] ?? place.id };
    const page = await listReviews(db, viewer, { loopIds: [params.id] }, { limit: query.limit, ...(after && { after }) });
    const site = page.reviews[0]?.site ?? (await findFinding(db, viewer, params.id))?.site;
    if (site === undefined) throw findingNotFound(params.id);
    await recordLook(db, viewer, { how: "GET finding reviews", shown: [{ id: params.id, site }], at: clock() }, makeId);
    const nextPlace = page.next && { of: list, at: page.next.at, ids: [page.next.id, page.next.loopId] };
    const seen = await readSeen(parts, viewer, { sites: [site] });
    return { body: { reviews: page.reviews, next: pageAt(nextPlace && writeCursor(nextPlace)), seen } };
  },
});
