import { sql, type Kysely } from "kysely";
import type { Database } from "../../src/db/schema.ts";
import { isFinding } from "../../src/domain/loop.ts";

/** A row as texts and numbers alone, so that two can be compared and shown. */
type Row = Record<string, unknown>;

export interface Outcome {
  /** Every loop, all columns, by id. */
  readonly loops: readonly LoopRow[];
  /** The ids of those that people may need to see. */
  readonly findings: readonly string[];
  readonly closingSeen: readonly Row[];
  readonly wakes: readonly Row[];
  /** Every care event, where it was placed. */
  readonly events: readonly Row[];
  /** What is still queued: nothing, when a scan has ended. */
  readonly queued: readonly Row[];
}

export interface LoopRow extends Row {
  readonly loop_id: string;
  readonly signal: string;
  readonly subject: string;
  readonly verdict: string;
  readonly reason: string | null;
  readonly before_watch: boolean;
}

/** All that was concluded, in an order of its own. */
export async function readOutcome(db: Kysely<Database>): Promise<Outcome> {
  const { rows: found } = await sql<LoopRow>`select loop.*, record.type || '/' || record.id as subject
    from loop join record on record.resource_key = loop.subject_key order by loop_id, loop.patient_key`.execute(db);
  const loops = found.map((row) => plain(row) as LoopRow);
  return {
    loops,
    findings: loops
      .filter((row) => isFinding({ verdict: row.verdict as "missed", beforeWatch: row.before_watch }))
      .map((row) => row.loop_id),
    closingSeen: (await sql<Row>`select * from closing_seen order by patient_key, signal`.execute(db)).rows.map(plain),
    wakes: (await sql<Row>`select * from patient_wake order by patient_key`.execute(db)).rows.map(plain),
    events: (await sql<Row>`select * from care_event order by event_id, patient_key, at`.execute(db)).rows.map(plain),
    queued: (
      await sql<Row>`select 'record' as what, resource_key as key from dirty_record union all select 'person', resource_key from dirty_person
        union all select 'patient', patient_key from dirty_patient order by what, key`.execute(db)
    ).rows.map(plain),
  };
}

/** What is held of the records, less which read it came from. */
export async function readStored(db: Kysely<Database>): Promise<Row[]> {
  const { rows } = await sql<Row>`select resource_key, version_key, type, last_updated, content_hash, latest_at, facts
    from resource_version order by resource_key, version_key`.execute(db);
  const { rows: quarantined } =
    await sql<Row>`select quarantine_key, type, code, reason, event_at, names, patient_ref from quarantine order by quarantine_key`.execute(
      db,
    );
  return [...rows, ...quarantined].map(plain);
}

function plain(row: Row): Row {
  return JSON.parse(JSON.stringify(row, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value))) as Row;
}
