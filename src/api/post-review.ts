import { z } from "zod";
import { didYouMean } from "../domain/nearest-name.ts";
import { steps } from "../domain/status.ts";
import { UserError } from "../domain/user-error.ts";
import type { Viewer } from "../domain/viewer.ts";
import { findProblem } from "../http/problem.ts";
import { findCase } from "../store/case.ts";
import type { Db } from "../store/db.ts";
import { listFindings } from "../store/finding.ts";
import { isUuid } from "../store/finding-filter.ts";
import { listPossibleSteps } from "../store/possible-steps.ts";
import { recordReview, type NewReview } from "../store/review.ts";
import { endpoint } from "./endpoint.ts";
import { standing, verdict } from "./finding-schema.ts";
import { id } from "./value-schemas.ts";

/** A case holds a few findings; nobody judges hundreds at once. */
const mostFindings = 200;
const longestReason = 4000;

const uuid = id.refine(isUuid, "It is no id (a UUID).").transform((text) => text.toLowerCase());

const body = z.object({
  of: z
    .union([z.strictObject({ findings: z.array(uuid).min(1).max(mostFindings) }), z.strictObject({ case: z.string(), site: z.string() })], {
      error: 'Write {"findings": [id, …]}, or {"case": key, "site": name}.',
    })
    .meta({ description: "Findings by id, or everything of a case from where the step is possible" }),
  step: z.enum(steps, {
    error: ({ input }) => `"${String(input)}" is no step of a review.${didYouMean(String(input), steps)} It may be: ${steps.join(", ")}.`,
  }),
  reason: z.string().max(longestReason, `It is longer than ${longestReason} characters.`).optional(),
  expected: z.record(uuid, verdict).optional().meta({ description: "By id: the verdict that the reviewer was shown" }),
  id: uuid.optional().meta({ description: "Made by the client: sent again with the same id, it is the same review" }),
});

export const postReviewEndpoint = endpoint({
  method: "post",
  path: "/reviews",
  summary: "Record a step of a review",
  description:
    "Answers where the findings now stand. Where one has moved on since it was shown, or the step is not possible from where it stands, nothing is recorded and the problem carries `current`.",
  body,
  answers: z.object({ review: id, findings: z.array(standing) }),
  problems: ["finding-not-found", "not-a-finding", "finding-moved-on", "step-not-allowed", "not-json", "reason-needed"],
  answer: async ({ db, clock, makeId }, { viewer, body: asked }) => {
    const of: NewReview["of"] = "findings" in asked.of ? { loopIds: asked.of.findings } : asked.of;
    const reviewId = asked.id ?? makeId();
    try {
      const { reason, expected } = asked;
      const reviewed = await recordReview(db, viewer, {
        of,
        step: asked.step,
        at: clock(),
        id: reviewId,
        ...(reason !== undefined && { reason }),
        ...(expected && { expected }),
      });
      const ids = reviewed.map((each) => each.id);
      return { body: { review: reviewId, findings: await listStandings(db, viewer, ids) } };
    } catch (error) {
      const problem = error instanceof UserError ? findProblem(error) : undefined;
      if (problem?.status !== 409) throw error;
      return { problem: { ...problem, current: await listStandings(db, viewer, await idsOf(db, viewer, of)) } };
    }
  },
});

async function idsOf(db: Db, viewer: Viewer, of: NewReview["of"]): Promise<readonly string[]> {
  if ("loopIds" in of) return of.loopIds;
  return (await findCase(db, viewer, of.case, of.site))?.findings.map((finding) => finding.id) ?? [];
}

async function listStandings(db: Db, viewer: Viewer, ids: readonly string[]): Promise<z.input<typeof standing>[]> {
  const { findings } = await listFindings(db, viewer, { ids }, { limit: ids.length });
  const steps = await listPossibleSteps(db, viewer, findings);
  return findings.map(({ id: finding, site, subject, signal, verdict: now, status, statusReason }) => ({
    id: finding,
    site,
    subject,
    signal,
    verdict: now,
    status,
    statusReason,
    possibleSteps: steps.get(finding) ?? [],
  }));
}
