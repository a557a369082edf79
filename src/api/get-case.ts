import { z } from "zod";
import { UserError } from "../domain/user-error.ts";
import { findCase } from "../store/case.ts";
import { recordLook } from "../store/look.ts";
import { listReviews } from "../store/past-review.ts";
import { listPossibleSteps } from "../store/possible-steps.ts";
import { caseSchema } from "./case-schema.ts";
import { endpoint } from "./endpoint.ts";
import { review, step } from "./finding-schema.ts";
import { readSeen, seenSchema } from "./seen.ts";

/** More steps than any case's review has. */
const mostReviews = 500;

export const getCaseEndpoint = endpoint({
  method: "get",
  path: "/cases/{site}/{key}",
  summary: "One case, by its key or by any record of it",
  description: "With its findings whatever their status. The slash in the key is written %2F: `/cases/north/ServiceRequest%2Fsr-1`.",
  params: z.object({ site: z.string(), key: z.string().meta({ examples: ["ServiceRequest/sr-1"] }) }),
  answers: z.object({
    case: caseSchema,
    reviews: z.array(review).meta({ description: "Oldest first; a step on the case stands on each of its findings" }),
    possibleSteps: z.record(z.string(), z.array(step)).meta({ description: "By id of the finding: what the asking person can do next" }),
    seen: seenSchema,
  }),
  problems: ["finding-not-found"],
  answer: async (parts, { viewer, params }) => {
    const { db, clock, makeId } = parts;
    const found = await findCase(db, viewer, params.key, params.site);
    if (!found) throw caseNotFound(params.key, params.site);
    const loopIds = found.findings.map(({ id }) => id);
    await recordLook(db, viewer, { how: "GET case", shown: found.findings, at: clock() }, makeId);
    const { reviews } = await listReviews(db, viewer, { loopIds }, { limit: mostReviews });
    const possibleSteps = Object.fromEntries(await listPossibleSteps(db, viewer, found.findings));
    return { body: { case: found, reviews, possibleSteps, seen: await readSeen(parts, viewer, { sites: [found.site] }) } };
  },
});

function caseNotFound(key: string, site: string): UserError {
  return new UserError(
    "finding-not-found",
    `There is no case "${key}" at the site "${site}", or none that you may see.`,
    "Take site and key from what GET /api/v1/cases lists, the key with its slash written %2F.",
  );
}
