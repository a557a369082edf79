import { deepStrictEqual } from "node:assert/strict";
import { sql, type Kysely } from "kysely";
import type { Database } from "../../src/db/schema.ts";
import { isFinding } from "../../src/domain/loop.ts";
import { deriveStandings, standingColumns, type StandingLoop } from "../../src/store/standing.ts";

/** A row as texts and numbers alone, so that two can be compared and shown. */
type Row = Record<string, unknown>;

export interface Outcome {
  /** Every loop, all columns, by id. */
  readonly loops: readonly LoopRow[];
  /** The ids of those that people may need to see. */
  readonly findings: readonly string[];
  /** How many loops there are of each kind, as kept with them. */
  readonly counts: readonly Row[];
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
    counts: await readKeptCounts(db),
    closingSeen: (await sql<Row>`select * from closing_seen order by patient_key, signal`.execute(db)).rows.map(plain),
    wakes: (await sql<Row>`select * from patient_wake order by patient_key`.execute(db)).rows.map(plain),
    events: (await sql<Row>`select * from care_event order by event_id, patient_key, at`.execute(db)).rows.map(plain),
    queued: (
      await sql<Row>`select 'record' as what, resource_key as key from dirty_record union all select 'person', resource_key from dirty_person
        union all select 'patient', patient_key from dirty_patient
        union all select 'actor', person_key from dirty_actor order by what, key`.execute(db)
    ).rows.map(plain),
  };
}

const kind = "site_id, signal, signal_version, tier, verdict, status, urgency, unassigned, restricted, test, before_watch";

/** What is kept of each kind is what counting all loops says; and where each loop stands is what working it out anew says. */
async function readKeptCounts(db: Kysely<Database>): Promise<Row[]> {
  const { rows: kept } =
    await sql<Row>`select team, ${sql.raw(kind)}, count from loop_count where count <> 0 order by team, ${sql.raw(kind)}`.execute(db);
  const { rows: counted } = await sql<Row>`
    with loops as (select site_id, coalesce(team, 'unassigned') as team, signal, signal_version, tier, verdict, status, coalesce(urgency, '') as urgency,
      coalesce(team, 'unassigned') = 'unassigned' as unassigned, restricted, test, before_watch from loop)
    select team, ${sql.raw(kind)}, count(*)::integer as count from (select * from loops union all select site_id, '*', signal, signal_version, tier,
      verdict, status, urgency, unassigned, restricted, test, before_watch from loops) as each group by team, ${sql.raw(kind)} order by team, ${sql.raw(kind)}`.execute(
    db,
  );
  deepStrictEqual(kept, counted);
  await checkStandings(db);
  return kept.map(plain);
}

async function checkStandings(db: Kysely<Database>): Promise<void> {
  const held = await db.selectFrom("loop").selectAll().execute();
  for (const [siteId, loops] of Map.groupBy(held, (loop) => loop.site_id)) {
    const derived = await deriveStandings(db, siteId, loops as readonly StandingLoop[]);
    for (const loop of loops) {
      const standing = derived.get(loop.loop_id);
      deepStrictEqual(Object.fromEntries(Object.keys(standingColumns).map((name) => [name, loop[name as keyof typeof loop]])), standing);
    }
  }
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
