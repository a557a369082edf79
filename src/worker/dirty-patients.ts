import { sql, type Kysely, type RawBuilder } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { Instant } from "../domain/instant.ts";

/** A patient to be judged again, from the loops on that opened at an instant. */
export interface DirtyPatient {
  readonly patient: bigint;
  readonly from: Instant;
}

/** Queues patients; whoever is queued already is judged from the earlier of the two instants. */
export async function queuePatients(db: Kysely<Database>, siteId: number, patients: readonly DirtyPatient[]): Promise<void> {
  const from = new Map<bigint, Instant>();
  for (const each of patients) from.set(each.patient, Math.min(each.from, from.get(each.patient) ?? Infinity));
  await queueSelected(
    db,
    sql`select given.patient_key, ${siteId}::integer, given.from_at
      from unnest(${[...from.keys()]}::bigint[], ${[...from.values()].map(toTimestamp)}::timestamptz[]) as given (patient_key, from_at)`,
  );
}

/** Queues what a query selects: patient_key, site_id and from_at. */
export async function queueSelected(db: Kysely<Database>, selected: RawBuilder<unknown>): Promise<void> {
  await sql`insert into dirty_patient as held (patient_key, site_id, from_at) ${selected}
    on conflict (patient_key) do update set from_at = least(held.from_at, excluded.from_at)`.execute(db);
}

/**
 * Moves each start back to the earliest unsettled loop: what is met or cancelled rests on no absence, and stays as it is
 * unless its own evidence changes.
 */
export async function reachUnsettled(db: Kysely<Database>, siteId: number): Promise<void> {
  await queueSelected(
    db,
    sql`select loop.patient_key, loop.site_id, min(loop.opened_at) from loop join dirty_patient on dirty_patient.patient_key = loop.patient_key
      where dirty_patient.site_id = ${siteId} and loop.verdict not in ('met', 'cancelled') and loop.by_person_key is null group by loop.patient_key, loop.site_id`,
  );
}

/** The next patients, those whose start lies in the same stretch of time together, so that one old loop widens nobody else's. */
export async function listDirtyPatients(db: Kysely<Database>, siteId: number, limit: number): Promise<DirtyPatient[]> {
  const rows = await db
    .selectFrom("dirty_patient")
    .select(["patient_key", "from_at"])
    .where("site_id", "=", siteId)
    .orderBy("from_at")
    .orderBy("patient_key")
    .limit(limit)
    .execute();
  const [first] = rows;
  const month = first && monthOf(first.from_at);
  return rows.filter((row) => monthOf(row.from_at) === month).map((row) => ({ patient: row.patient_key, from: row.from_at }));
}

function monthOf(at: Instant): string {
  return Number.isFinite(at) ? new Date(at).toISOString().slice(0, 7) : String(at);
}
