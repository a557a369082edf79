import { sql, type Kysely, type RawBuilder } from "kysely";
import { insertRows, type ColumnTypes } from "../db/bulk-write.ts";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { PatientDetection } from "../detect/detect-patient.ts";
import type { Instant } from "../domain/instant.ts";
import type { Loop } from "../domain/loop.ts";
import { changeCounts, type CountedLoop } from "../store/loop-count.ts";
import { lockStandings } from "../store/settle-standing.ts";
import { deriveStandings, standingColumns, type LoopStanding } from "../store/standing.ts";
import { anyOf } from "./any-of.ts";

export interface Detection extends PatientDetection {
  readonly patient: bigint;
  /** What opened before stays as it is. */
  readonly from: Instant;
}

interface Horizon {
  readonly now: Instant;
  readonly line: Instant;
  /** Where what was read of these patients whole begins. */
  readonly start: Instant;
  readonly blindAfterMs: number;
}

/** Replaces what was concluded of these patients since the retention line; what opened before it is sealed. */
export async function writeDetections(
  db: Kysely<Database>,
  site: { readonly siteId: number },
  horizon: Horizon,
  detections: readonly Detection[],
): Promise<void> {
  const { siteId } = site;
  const judged = detections.map((detection) => ({
    ...detection,
    loops: detection.loops.filter((loop) => loop.openedAt >= detection.from && loop.openedAt > horizon.line),
  }));
  const loops = judged.flatMap(({ patient, loops }) => loops.map((loop) => loopRow(siteId, patient, loop)));
  await lockStandings(db, siteId);
  const standings = await deriveStandings(db, siteId, loops);
  const rows = loops.map((loop) => ({ ...loop, ...getStanding(standings, loop.loop_id) }));
  const replaced = await removeGone(db, horizon, detections, rows);
  // What is as it was is not written: nor are its indexes.
  const names = Object.keys(loopColumns).filter((name) => name !== "patient_key" && name !== "loop_id");
  await insertRows(db, "loop", loopColumns, rows, {
    onConflict: {
      columns: ["patient_key", "loop_id"],
      update: names,
      where: sql`(${listOf("loop", names)}) is distinct from (${listOf("excluded", names)})`,
    },
  });
  await changeCounts(db, siteId, replaced, rows);
  await writeClosingSeen(db, site.siteId, horizon, judged);
  await writeWakes(db, site.siteId, horizon, judged);
  await moveReviews(db, judged);
}

/** Removes the loops that are no more, and returns them with those that are about to be replaced. */
async function removeGone(
  db: Kysely<Database>,
  { line }: Horizon,
  detections: readonly Detection[],
  rows: readonly { readonly patient_key: bigint; readonly loop_id: string }[],
): Promise<CountedLoop[]> {
  const patients = detections.map(({ patient }) => patient);
  const starts = detections.map(({ from }) => toTimestamp(Math.max(from, line)));
  const kept = sql`unnest(${rows.map((row) => row.patient_key)}::bigint[], ${rows.map((row) => row.loop_id)}::uuid[]) as kept (patient_key, loop_id)`;
  const counted = sql`loop.team, loop.signal, loop.signal_version, loop.tier, loop.verdict, loop.status, loop.urgency, loop.restricted, loop.test, loop.before_watch`;
  const { rows: replaced } = await sql<CountedLoop>`
    select ${counted} from loop join ${kept} on kept.patient_key = loop.patient_key and kept.loop_id = loop.loop_id`.execute(db);
  const { rows: gone } = await sql<CountedLoop>`
    delete from loop using unnest(${patients}::bigint[], ${starts}::timestamptz[]) as judged (patient_key, from_at)
    where loop.patient_key = judged.patient_key and loop.opened_at >= judged.from_at and loop.opened_at > ${toTimestamp(line)}::timestamptz
      and not exists (select from ${kept} where kept.patient_key = loop.patient_key and kept.loop_id = loop.loop_id)
    returning ${counted}`.execute(db);
  // What was held before standings were is counted by nobody yet.
  return [...replaced, ...gone].filter(({ status }) => (status as string | null) !== null);
}

function getStanding(standings: ReadonlyMap<string, LoopStanding>, loopId: string): LoopStanding {
  const standing = standings.get(loopId);
  if (!standing) throw new Error("a loop was left without its standing");
  return standing;
}

function listOf(table: string, names: readonly string[]): RawBuilder<unknown> {
  return sql.join(names.map((name) => sql.ref(`${table}.${name}`)));
}

/** The first of each patient: what was seen before all that was read now still stands. */
async function writeClosingSeen(
  db: Kysely<Database>,
  siteId: number,
  { line, start }: Horizon,
  detections: readonly Detection[],
): Promise<void> {
  const patients = detections.map(({ patient }) => patient);
  await sql`delete from closing_seen where patient_key = any(${patients}::bigint[]) 
    and (first_at >= ${toTimestamp(start)}::timestamptz or first_at <= ${toTimestamp(line)}::timestamptz)`.execute(db);
  const rows = detections.flatMap(({ patient: patient_key, closingSeen }) =>
    [...closingSeen].map(([signal, first_at]) => ({ patient_key, signal, site_id: siteId, first_at })),
  );
  const types = { patient_key: "bigint", signal: "text", site_id: "integer", first_at: "timestamptz" };
  await insertRows(db, "closing_seen", types, rows, { onConflict: "nothing" });
}

/** When each patient must be looked at again: the earliest due, due + `blindAfter`, or stored event still ahead of `now`. */
async function writeWakes(
  db: Kysely<Database>,
  siteId: number,
  { now, blindAfterMs }: Horizon,
  detections: readonly Detection[],
): Promise<void> {
  const patients = detections.map(({ patient }) => patient);
  const ahead = await sql<{ patient_key: bigint; at: Instant }>`select patient_key, min(at) as at from care_event
    where patient_key = any(${patients}::bigint[]) and at > ${toTimestamp(now)}::timestamptz group by patient_key`.execute(db);
  const nextEvent = new Map(ahead.rows.map((row) => [row.patient_key, row.at]));
  const rows = detections.flatMap(({ patient, loops }) => {
    const wakes = [...loops.flatMap((loop) => wakesOf(loop, blindAfterMs)), nextEvent.get(patient) ?? Infinity].filter((at) => at > now);
    const wake_at = Math.min(...wakes);
    return Number.isFinite(wake_at) ? [{ patient_key: patient, site_id: siteId, wake_at }] : [];
  });
  await db.deleteFrom("patient_wake").where("patient_key", "=", anyOf(patients)).execute();
  await insertRows(db, "patient_wake", { patient_key: "bigint", site_id: "integer", wake_at: "timestamptz" }, rows, {});
}

function wakesOf(loop: Loop, blindAfterMs: number): Instant[] {
  return loop.wakes.flatMap((due) => [due, due + blindAfterMs]);
}

/** A review stays with its loop when the loop's patient changes. */
async function moveReviews(db: Kysely<Database>, detections: readonly Detection[]): Promise<void> {
  const loops = detections.flatMap(({ patient, loops }) => loops.map((loop) => ({ patient, id: loop.id })));
  await sql`with place as (select * from unnest(${loops.map((loop) => loop.id)}::uuid[], ${loops.map((loop) => loop.patient)}::bigint[]) as given (loop_id, patient_key)),
    stray as (delete from review using place where review.loop_id = place.loop_id and review.patient_key <> place.patient_key returning review.*, place.patient_key as moved_to)
    insert into review (patient_key, loop_id, review_id, site_id, step, reason, reviewer, at, signal, subject, opening_event, opened_at, verdict, evidence)
    select moved_to, loop_id, review_id, site_id, step, reason, reviewer, at, signal, subject, opening_event, opened_at, verdict, evidence from stray`.execute(
    db,
  );
}

function loopRow(siteId: number, patient: bigint, loop: Loop) {
  return {
    patient_key: patient,
    loop_id: loop.id,
    site_id: siteId,
    signal: loop.signal,
    signal_version: loop.signalVersion,
    edition: loop.edition,
    subject_key: BigInt(loop.subject),
    opening_event: loop.opening,
    opening_activity: loop.openingActivity,
    opened_at: loop.openedAt,
    due_at: loop.dueAt,
    met_at: loop.metAt,
    cancelled_at: loop.cancelledAt,
    verdict: loop.verdict,
    reason: loop.reason,
    before_watch: loop.beforeWatch,
    urgency: loop.urgency ?? null,
    priority: loop.priority ?? null,
    setting: loop.setting,
    team: loop.team ?? null,
    kind: loop.kind,
    title: loop.title,
    limit_duration: loop.limit.duration,
    limit_basis: loop.limit.basis,
    gaps: loop.gaps,
    cancelling_gaps: loop.cancellingGaps,
    explanation: loop.explanation,
  };
}

const loopColumns: ColumnTypes = {
  patient_key: "bigint",
  loop_id: "uuid",
  site_id: "integer",
  signal: "text",
  signal_version: "integer",
  edition: "text",
  subject_key: "bigint",
  opening_event: "bigint",
  opening_activity: "activity",
  opened_at: "timestamptz",
  due_at: "timestamptz",
  met_at: "timestamptz",
  cancelled_at: "timestamptz",
  verdict: "text",
  reason: "text",
  before_watch: "boolean",
  urgency: "text",
  priority: "text",
  setting: "text",
  team: "text",
  kind: "text",
  title: "text",
  limit_duration: "text",
  limit_basis: "text",
  gaps: "jsonb",
  cancelling_gaps: "jsonb",
  explanation: "jsonb",
  ...standingColumns,
};
