import { sql, type Kysely } from "kysely";
import { insertRows } from "../db/bulk-write.ts";
import type { Database } from "../db/schema.ts";
import { withTransaction } from "../db/transaction.ts";
import type { Key } from "../domain/facts.ts";
import type { Finding, SeenFinding } from "../domain/finding.ts";
import type { Instant } from "../domain/instant.ts";
import {
  currentStatuses,
  movesStatus,
  needsReason,
  possibleSteps,
  statusOf,
  type PastStep,
  type Standing,
  type Step,
} from "../domain/status.ts";
import { UserError } from "../domain/user-error.ts";
import type { Verdict } from "../domain/verdict.ts";
import type { Viewer } from "../domain/viewer.ts";
import { isReviewable, listCaseRows } from "./case.ts";
import { describeFindings } from "./describe-findings.ts";
import { askFor } from "./finding-filter.ts";
import { readFindingRows, type FindingRow } from "./finding-rows.ts";
import { lockStandings, settleStandings } from "./settle-standing.ts";
import { readPastSteps } from "./standing.ts";

export interface NewReview {
  /** Of one finding or several, or of everything that a case holds. */
  readonly of: { readonly loopIds: readonly string[] } | { readonly case: Key; readonly site: string };
  readonly step: Step;
  readonly reason?: string;
  readonly at: Instant;
  /** The same id twice is one review. */
  readonly id: string;
  /** By finding: the verdict that the reviewer was shown. */
  readonly expected?: Readonly<Record<string, Verdict>>;
}

export interface ReviewedFinding extends Standing {
  readonly id: string;
  readonly subject: string;
  readonly signal: string;
  readonly verdict: Verdict;
}

/**
 * Records a step of a review on each finding, with what its reviewer saw, and returns where they now stand. On a case it is
 * recorded on those of its findings from where the step is possible.
 * @throws UserError `finding-not-found`, `not-a-finding`, `finding-moved-on`, `reason-needed`, `step-not-allowed`
 */
export async function recordReview(db: Kysely<Database>, viewer: Viewer, review: NewReview): Promise<ReviewedFinding[]> {
  if (needsReason(review.step) && (review.reason ?? "").trim() === "") {
    throw new UserError(
      "reason-needed",
      `The step "${review.step}" needs a reason.`,
      "Say in a few words why: whoever reads it next was not there.",
    );
  }
  return withTransaction(db, async (transaction) => {
    const rows = await lockRows(transaction, viewer, review.of);
    const past = await readPastSteps(
      transaction,
      rows.map((row) => row.loop_id),
    );
    if (!(await isRecorded(transaction, review.id, rows))) {
      refuseMovedOn(rows, review.expected ?? {});
      const reviewed = chooseRows(rows, past, viewer.person, review);
      await insertReviews(transaction, viewer, review, reviewed, past);
      for (const [siteId, ofSite] of Map.groupBy(reviewed, (row) => row.site_id))
        await settleStandings(transaction, siteId, { loopIds: ofSite.map((row) => row.loop_id) });
    }
    const now = await readPastSteps(
      transaction,
      rows.map((row) => row.loop_id),
    );
    return rows.map((row) => ({
      id: row.loop_id,
      subject: row.subject,
      signal: row.signal,
      verdict: row.verdict,
      ...statusOf(now.get(row.loop_id) ?? [], row),
    }));
  });
}

/** Two reviewers at once: the second waits, and is judged by what the first has done. */
async function lockRows(db: Kysely<Database>, viewer: Viewer, of: NewReview["of"]): Promise<FindingRow[]> {
  const read = async (): Promise<FindingRow[]> => {
    if ("case" in of) return (await listCaseRows(db, viewer, of.case, [of.site])).get(of.site) ?? [];
    return (await readFindingRows(db, viewer, await askFor(db, { ids: of.loopIds }), { limit: of.loopIds.length })).rows;
  };
  // In one order, so that nobody waits for somebody who waits for them.
  for (const siteId of new Set((await read()).map((row) => row.site_id).sort((a, b) => a - b))) await lockStandings(db, siteId);
  const rows = await read();
  const unknown =
    "case" in of ? (rows.length === 0 ? [of.case] : []) : of.loopIds.filter((id) => !rows.some((row) => row.loop_id === id.toLowerCase()));
  if (unknown.length > 0) {
    throw new UserError(
      "finding-not-found",
      `There is no finding or case "${unknown.join('", "')}", or none that you may see.`,
      "Take an id from what `findings` lists.",
    );
  }
  const others = rows.filter((row) => !isReviewable(row));
  if (others.length > 0) {
    throw new UserError(
      "not-a-finding",
      `"${others.map((row) => row.loop_id).join('", "')}" is no finding: the last scan says ${others.map((row) => row.verdict).join(", ")}.`,
      "Review what is missed, late or unknown.",
    );
  }
  return rows;
}

async function isRecorded(db: Kysely<Database>, id: string, rows: readonly FindingRow[]): Promise<boolean> {
  const { rows: held } =
    await sql`select 1 from review where loop_id = any(${rows.map((row) => row.loop_id)}::uuid[]) and review_id = ${id}::uuid limit 1`.execute(
      db,
    );
  return held.length > 0;
}

function refuseMovedOn(rows: readonly FindingRow[], expected: Readonly<Record<string, Verdict>>): void {
  for (const { loop_id, verdict } of rows) {
    const seen = expected[loop_id];
    if (seen === undefined || seen === verdict) continue;
    throw new UserError(
      "finding-moved-on",
      `The finding "${loop_id}" was ${seen} when you looked, and is now ${verdict}.`,
      "Look at it again, then judge what it now says.",
    );
  }
}

/** All the findings named; of a case, those from where the step is possible (and, where it moves nothing, those still current). */
function chooseRows(
  rows: readonly FindingRow[],
  past: ReadonlyMap<string, PastStep[]>,
  person: string,
  { of, step }: NewReview,
): FindingRow[] {
  const possible = (row: FindingRow): Step[] => possibleSteps(past.get(row.loop_id) ?? [], row, person);
  const allowed = rows.filter((row) => possible(row).includes(step));
  const refused = rows.find((row) => !allowed.includes(row));
  if (refused && (!("case" in of) || allowed.length === 0)) {
    throw new UserError(
      "step-not-allowed",
      `"${step}" is not possible: this finding is ${refused.standing.status}.`,
      `What is possible from there: ${possible(refused).join(", ")}.`,
    );
  }
  const current = allowed.filter((row) => currentStatuses.includes(row.standing.status));
  return "case" in of && !movesStatus(step) && step !== "undo" && current.length > 0 ? current : allowed;
}

async function insertReviews(
  db: Kysely<Database>,
  viewer: Viewer,
  review: NewReview,
  rows: readonly FindingRow[],
  past: ReadonlyMap<string, PastStep[]>,
): Promise<void> {
  const findings = new Map((await describeFindings(db, rows)).map((finding) => [finding.id, finding]));
  // The order of steps is the order of their times: one made in the same millisecond, or by a slower clock, comes after.
  const last = Math.max(...rows.flatMap((row) => (past.get(row.loop_id) ?? []).map((step) => step.at)), -Infinity);
  const at = Math.max(review.at, last + 1);
  const reason = (review.reason ?? "").trim() === "" ? undefined : review.reason?.trim();
  const written = rows.map((row) => ({
    patient_key: row.patient_key,
    loop_id: row.loop_id,
    review_id: review.id,
    site_id: row.site_id,
    step: review.step,
    reason,
    reviewer: viewer.person,
    at,
    signal: row.signal,
    subject: row.subject,
    opening_event: row.opening_event,
    opened_at: row.opened_at,
    verdict: row.verdict,
    evidence: seenOf(findings.get(row.loop_id)),
  }));
  await insertRows(db, "review", columns, written, { onConflict: "nothing" });
}

function seenOf(finding: Finding | undefined): SeenFinding | null {
  if (!finding) return null;
  const { status: _status, statusReason: _reason, reviews: _reviews, sealed: _sealed, ...seen } = finding;
  return seen;
}

const columns = {
  patient_key: "bigint",
  loop_id: "uuid",
  review_id: "uuid",
  site_id: "integer",
  step: "text",
  reason: "text",
  reviewer: "text",
  at: "timestamptz",
  signal: "text",
  subject: "text",
  opening_event: "bigint",
  opened_at: "timestamptz",
  verdict: "text",
  evidence: "jsonb",
};
