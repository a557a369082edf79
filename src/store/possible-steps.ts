import type { Finding } from "../domain/finding.ts";
import { possibleSteps, type Step } from "../domain/status.ts";
import { findingVerdicts } from "../domain/verdict.ts";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "./db.ts";
import { readPastSteps } from "./standing.ts";

/** The steps of a review that the viewer can make on each of these now, by id: none on what is no finding and never was reviewed. */
export async function listPossibleSteps(db: Db, viewer: Viewer, findings: readonly Finding[]): Promise<Map<string, Step[]>> {
  const past = await readPastSteps(
    db,
    findings.map(({ id }) => id),
  );
  return new Map(
    findings.map((finding) => {
      const steps = past.get(finding.id) ?? [];
      const isReviewable = findingVerdicts.includes(finding.verdict) || steps.length > 0;
      return [finding.id, isReviewable ? possibleSteps(steps, finding, viewer.person) : []];
    }),
  );
}
