import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { SeenFinding } from "../domain/finding.ts";
import { formatInstant } from "../domain/format-instant.ts";
import type { Instant } from "../domain/instant.ts";
import { recordKey } from "../domain/key.ts";
import { isFinding } from "../domain/loop.ts";
import type { Step } from "../domain/status.ts";
import type { Urgency, Verdict } from "../domain/verdict.ts";
import { teamsOf, tiersOf, type Viewer } from "../domain/viewer.ts";
import { listDeleted } from "./deleted-records.ts";
import { isUuid } from "./finding-filter.ts";
import { readLabels } from "./record-label.ts";
import { mayBeSeen } from "./visible-loops.ts";

/** A recorded step of a review, with what its reviewer saw. */
export interface Review {
  readonly id: string;
  readonly finding: string;
  readonly site: string;
  readonly signal: string;
  readonly subject: string;
  readonly openedAt: string;
  readonly step: Step;
  readonly reason: string | null;
  readonly reviewer: string;
  readonly at: string;
  /** What the scan said then. */
  readonly verdict: Verdict;
  readonly saw: SeenFinding | null;
  /** What it says now; null where the loop is gone. */
  readonly verdictNow: Verdict | null;
  /** Why the review no longer applies; null where it does. */
  readonly noLongerApplies: string | null;
}

export interface ReviewCursor {
  readonly at: Instant;
  readonly id: string;
  readonly loopId: string;
}

export interface ReviewFilter {
  readonly loopIds?: readonly string[];
  readonly sites?: readonly string[];
}

interface ReviewRow {
  readonly review_id: string;
  readonly loop_id: string;
  readonly site: string;
  readonly signal: string;
  readonly subject: string;
  readonly opening_event: bigint;
  readonly opened_at: Instant;
  readonly step: Step;
  readonly reason: string | null;
  readonly reviewer: string;
  readonly at: Instant;
  readonly verdict: Verdict;
  readonly evidence: SeenFinding | null;
  readonly now_verdict: Verdict | null;
  readonly now_before_watch: boolean | null;
}

/** Recorded steps, oldest first. A page may hold fewer than its limit: what the viewer may not see is left out of it. */
export async function listReviews(
  db: Kysely<Database>,
  viewer: Viewer,
  filter: ReviewFilter,
  page: { readonly limit: number; readonly after?: ReviewCursor },
): Promise<{ reviews: Review[]; next?: ReviewCursor }> {
  const { after } = page;
  const { rows } = await sql<ReviewRow>`
    select review.review_id, review.loop_id, place.name as site, review.signal, review.subject, review.opening_event, review.opened_at, review.step, review.reason,
      review.reviewer, review.at, review.verdict, review.evidence, loop.verdict as now_verdict, loop.before_watch as now_before_watch
    from review join site place on place.site_id = review.site_id
    left join loop on loop.patient_key = review.patient_key and loop.loop_id = review.loop_id
    where (loop.loop_id is null or loop.before_watch or ${mayBeSeen(viewer)})
      ${filter.loopIds ? sql`and review.loop_id = any(${filter.loopIds.filter(isUuid)}::uuid[])` : sql``}
      ${filter.sites ? sql`and place.name = any(${[...filter.sites]}::text[])` : sql``}
      ${after ? sql`and (review.at, review.review_id, review.loop_id) > (${toTimestamp(after.at)}::timestamptz, ${after.id}::uuid, ${after.loopId}::uuid)` : sql``}
    order by review.at, review.review_id, review.loop_id limit ${page.limit}`.execute(db);
  const gone = rows.filter((row) => row.now_verdict === null || row.now_before_watch === true);
  const hidden = await listHidden(db, viewer, gone);
  const reasons = await explainGone(db, gone);
  for (const [row, reason] of await explainDeleted(db, rows)) reasons.set(row, reason);
  const last = rows.at(-1);
  return {
    reviews: rows.filter((row) => !hidden.has(row)).map((row) => show(row, reasons.get(row))),
    ...(last && rows.length === page.limit && { next: { at: last.at, id: last.review_id, loopId: last.loop_id } }),
  };
}

function show(row: ReviewRow, goneBecause: string | undefined): Review {
  const applies = row.now_verdict !== null && isFinding({ verdict: row.now_verdict, beforeWatch: row.now_before_watch ?? false });
  return {
    id: row.review_id,
    finding: row.loop_id,
    site: row.site,
    signal: row.signal,
    subject: row.subject,
    openedAt: formatInstant(row.opened_at),
    step: row.step,
    reason: row.reason,
    reviewer: row.reviewer,
    at: formatInstant(row.at),
    verdict: row.verdict,
    saw: row.evidence,
    verdictNow: row.now_verdict,
    noLongerApplies: applies ? null : (goneBecause ?? `It is now ${row.now_verdict ?? "gone"}.`),
  };
}

/** What is gone has no loop to ask: the viewer may see it by what was seen then, and by the record as it now is. */
async function listHidden(db: Kysely<Database>, viewer: Viewer, gone: readonly ReviewRow[]): Promise<Set<ReviewRow>> {
  const teams = teamsOf(viewer);
  const restricted = viewer.mayReadRestricted ? new Set<string>() : await listRestricted(db, gone);
  return new Set(
    gone.filter(({ site, subject, evidence }) => {
      const isOutside = (viewer.sites !== "all" && !viewer.sites.includes(site)) || restricted.has(`${site} ${subject}`);
      return (
        isOutside || evidence === null || (teams !== "all" && !teams.includes(evidence.team)) || !tiersOf(viewer).includes(evidence.tier)
      );
    }),
  );
}

async function listRestricted(db: Kysely<Database>, rows: readonly ReviewRow[]): Promise<Set<string>> {
  const byKey = new Map(rows.map(({ site, subject }) => [recordKey(site, subject), `${site} ${subject}`]));
  const held = await db
    .selectFrom("record")
    .select(["resource_key", "patient_key"])
    .where("resource_key", "=", sql<bigint>`any(${[...byKey.keys()]}::bigint[])`)
    .execute();
  const patients = held.flatMap((row) => row.patient_key ?? []);
  const labels = await readLabels(db, [...byKey.keys()], patients);
  const isRestricted = (key: bigint | null): boolean => (key === null ? false : (labels.get(key) ?? []).includes("restricted"));
  const restricted = held.filter((row) => isRestricted(row.resource_key) || isRestricted(row.patient_key));
  return new Set(restricted.map((row) => byKey.get(row.resource_key) ?? ""));
}

/** That the record which it was about was deleted says more than what became of its loop. */
async function explainDeleted(db: Kysely<Database>, rows: readonly ReviewRow[]): Promise<Map<ReviewRow, string>> {
  const keyOf = (row: ReviewRow): bigint => recordKey(row.site, row.subject);
  const deleted = await listDeleted(db, rows.map(keyOf));
  return new Map(
    rows.flatMap((row) => {
      const own = deleted.get(keyOf(row))?.find(({ record }) => record === row.subject);
      const when = own?.at === null || own === undefined ? "" : ` on ${own.at}`;
      return own === undefined ? [] : [[row, `It rested on ${row.subject}, which was deleted at the source${when}.`] as const];
    }),
  );
}

/** Why a loop that somebody reviewed is no finding any more, from the event that opened it. */
async function explainGone(db: Kysely<Database>, gone: readonly ReviewRow[]): Promise<Map<ReviewRow, string>> {
  if (gone.length === 0) return new Map();
  const times = gone.map((row) => row.opened_at);
  const yearMs = 366 * 86_400_000;
  const placed = await db
    .selectFrom("record")
    .select("patient_key")
    .where("resource_key", "=", sql<bigint>`any(${gone.map((row) => recordKey(row.site, row.subject))}::bigint[])`)
    .execute();
  // A version that is read late may have moved the event's time.
  const { rows } = await sql<{ event_id: bigint; urgency: Urgency | null }>`
    select event_id, urgency from care_event where patient_key = any(${placed.map((row) => row.patient_key)}::bigint[])
      and event_id = any(${gone.map((row) => row.opening_event)}::bigint[])
      and at between ${toTimestamp(Math.min(...times) - yearMs)}::timestamptz and ${toTimestamp(Math.max(...times) + yearMs)}::timestamptz`.execute(
    db,
  );
  const openings = new Map(rows.map((row) => [row.event_id, row]));
  return new Map(gone.map((row) => [row, reasonOf(row, openings.get(row.opening_event))]));
}

function reasonOf(row: ReviewRow, opening: { readonly urgency: Urgency | null } | undefined): string {
  if (row.now_before_watch === true) return "It opened before this site is watched.";
  if (!opening) return "What opened it is no longer among the records.";
  if (opening.urgency !== null && opening.urgency !== row.evidence?.urgency)
    return `Its result now reads ${opening.urgency}, which this signal does not follow up.`;
  return "What opened it no longer opens this signal.";
}
