import { z } from "zod";
import { UserError } from "../domain/user-error.ts";
import { findFinding } from "../store/finding.ts";
import { recordLook } from "../store/look.ts";
import { listReviews } from "../store/past-review.ts";
import { listPossibleSteps } from "../store/possible-steps.ts";
import { endpoint } from "./endpoint.ts";
import { finding, review, step } from "./finding-schema.ts";
import { readSeen, seenSchema } from "./seen.ts";
import { idParams } from "./value-schemas.ts";

/** More steps than any finding's review has; the rest are listed by `/findings/{id}/reviews`. */
const mostReviews = 500;

export const getFindingEndpoint = endpoint({
  method: "get",
  path: "/findings/{id}",
  summary: "One finding with its evidence, its reviews and what can be done next",
  description: "Also of a loop that is no finding any more. The look is recorded.",
  params: idParams,
  answers: z.object({
    finding,
    reviews: z.array(review).meta({ description: "Oldest first" }),
    possibleSteps: z.array(step).meta({ description: "What the asking person can do next" }),
    seen: seenSchema,
  }),
  problems: ["finding-not-found"],
  answer: async (parts, { viewer, params }) => {
    const { db, clock, makeId } = parts;
    const found = await findFinding(db, viewer, params.id);
    if (!found) throw findingNotFound(params.id);
    await recordLook(db, viewer, { how: "GET finding", shown: [found], at: clock() }, makeId);
    const { reviews } = await listReviews(db, viewer, { loopIds: [found.id] }, { limit: mostReviews });
    const possibleSteps = (await listPossibleSteps(db, viewer, [found])).get(found.id) ?? [];
    const seen = await readSeen(parts, viewer, { sites: [found.site], signals: [found.signal] });
    return { body: { finding: found, reviews, possibleSteps, seen } };
  },
});

export function findingNotFound(id: string): UserError {
  return new UserError(
    "finding-not-found",
    `There is no finding "${id}", or none that you may see.`,
    "Take an id from what GET /api/v1/findings lists.",
  );
}
