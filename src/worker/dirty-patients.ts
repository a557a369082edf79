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
    on conflict (patient_key) do update set from_at = excluded.from_at where excluded.from_at < held.from_at`.execute(db);
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

/** Patients with loops that opened within a stretch of time. */
export async function queueLoopsBetween(db: Kysely<Database>, siteId: number, one: Instant, other: Instant): Promise<void> {
  await queueSelected(
    db,
    sql`select patient_key, site_id, min(opened_at) from loop where site_id = ${siteId}
      and opened_at between ${toTimestamp(Math.min(one, other))}::timestamptz and ${toTimestamp(Math.max(one, other))}::timestamptz
      group by patient_key, site_id`,
  );
}

/** Patients with loops that rest on an absence. */
export async function queueUnsettled(db: Kysely<Database>, siteId: number): Promise<void> {
  await queueSelected(
    db,
    sql`select patient_key, site_id, min(opened_at) from loop where site_id = ${siteId} and verdict not in ('met', 'cancelled')
      group by patient_key, site_id`,
  );
}

export interface NextPatients {
  readonly limit: number;
  readonly now: Instant;
  /** The last of those before, which may be queued still. */
  readonly after?: DirtyPatient | undefined;
}

/**
 * The next patients, those whose start lies in the same stretch of time together, so that one old loop widens nobody else's: in the same
 * month, or by no more than half of what is read of them anyway, up to `now`. So ten years have few stretches, not 120.
 */
export async function listDirtyPatients(
  db: Kysely<Database>,
  siteId: number,
  { limit, now, after }: NextPatients,
): Promise<DirtyPatient[]> {
  const query = db
    .selectFrom("dirty_patient")
    .select(["patient_key", "from_at"])
    .where("site_id", "=", siteId)
    .orderBy("from_at")
    .orderBy("patient_key")
    .limit(limit);
  const isAfter = after && sql<boolean>`(from_at, patient_key) > (${toTimestamp(after.from)}::timestamptz, ${after.patient}::bigint)`;
  const rows = await (isAfter ? query.where(isAfter) : query).execute();
  const [first] = rows;
  if (first === undefined) return [];
  const [from, month] = [first.from_at, monthOf(first.from_at)];
  const isTogether = (at: Instant): boolean => 2 * (at - from) <= now - at || monthOf(at) === month;
  return rows.filter((row) => isTogether(row.from_at)).map((row) => ({ patient: row.patient_key, from: row.from_at }));
}

/** Takes judged patients out of the queue; who was queued from an earlier instant meanwhile stays. */
export async function unqueuePatients(db: Kysely<Database>, judged: readonly DirtyPatient[]): Promise<void> {
  await sql`delete from dirty_patient using
    unnest(${judged.map(({ patient }) => patient)}::bigint[], ${judged.map(({ from }) => toTimestamp(from))}::timestamptz[]) as judged (patient_key, from_at)
    where dirty_patient.patient_key = judged.patient_key and dirty_patient.from_at = judged.from_at`.execute(db);
}

function monthOf(at: Instant): string {
  return Number.isFinite(at) ? new Date(at).toISOString().slice(0, 7) : String(at);
}
