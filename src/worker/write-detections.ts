import { sql, type Kysely } from "kysely";
import { insertRows } from "../db/bulk-write.ts";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { PatientDetection } from "../detect/detect-patient.ts";
import type { Instant } from "../domain/instant.ts";
import type { Loop } from "../domain/loop.ts";
import { anyOf } from "./any-of.ts";
import { replaceLoops } from "./replace-loops.ts";

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
  const { line } = horizon;
  const judged = detections.map((detection) => ({
    ...detection,
    loops: detection.loops.filter((loop) => loop.openedAt >= detection.from && loop.openedAt > line),
  }));
  const starts = new Map(detections.map(({ patient, from }) => [patient, from]));
  const placed = judged.flatMap(({ patient, loops }) => loops.map((loop) => ({ patient, loop })));
  await replaceLoops(db, siteId, { scope: "patient", starts, line }, placed);
  await writeClosingSeen(db, siteId, horizon, judged);
  await writeWakes(db, siteId, horizon, judged);
}

/** The first of each patient: what was seen before all that was read now still stands. */
async function writeClosingSeen(
  db: Kysely<Database>,
  siteId: number,
  { line, start }: Horizon,
  detections: readonly Detection[],
): Promise<void> {
  const patients = detections.map(({ patient }) => patient);
  const rows = detections.flatMap(({ patient: patient_key, closingSeen }) =>
    [...closingSeen].map(([signal, at]) => ({ patient_key, signal, site_id: siteId, first_at: toTimestamp(at) })),
  );
  // What is as it was is neither removed nor written again. `not in`, for PostgreSQL then hashes what is given, whatever it knows of the table.
  const given = sql`unnest(${rows.map((row) => row.patient_key)}::bigint[], ${rows.map(({ signal }) => signal)}::text[],
    ${rows.map(({ first_at }) => first_at)}::timestamptz[])`;
  await sql`delete from closing_seen where patient_key = any(${patients}::bigint[]) 
    and (first_at >= ${toTimestamp(start)}::timestamptz or first_at <= ${toTimestamp(line)}::timestamptz)
    and (patient_key, signal, first_at) not in (select * from ${given})`.execute(db);
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
  const rows = detections.flatMap(({ patient, loops, nextDose = Infinity }) => {
    const wakes = [...loops.flatMap((loop) => wakesOf(loop, blindAfterMs)), nextEvent.get(patient) ?? Infinity, nextDose].filter(
      (at) => at > now,
    );
    const wake_at = Math.min(...wakes);
    return Number.isFinite(wake_at) ? [{ patient_key: patient, site_id: siteId, wake_at }] : [];
  });
  await db.deleteFrom("patient_wake").where("patient_key", "=", anyOf(patients)).execute();
  await insertRows(db, "patient_wake", { patient_key: "bigint", site_id: "integer", wake_at: "timestamptz" }, rows, {});
}

function wakesOf(loop: Loop, blindAfterMs: number): Instant[] {
  return loop.wakes.flatMap((due) => [due, due + blindAfterMs]);
}
