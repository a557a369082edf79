import { sql, type Kysely, type RawBuilder } from "kysely";
import { insertRows, type ColumnTypes } from "../db/bulk-write.ts";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { Instant } from "../domain/instant.ts";
import type { Loop } from "../domain/loop.ts";
import { changeCounts, type CountedLoop } from "../store/loop-count.ts";
import { lockStandings } from "../store/settle-standing.ts";
import { deriveStandings, standingColumns, type LoopStanding } from "../store/standing.ts";

/** Of whom loops were concluded anew: a patient, or a person whose acts cross patients. */
export interface Judged {
  readonly scope: "patient" | "person";
  /** Each with the instant from which on everything was judged: what opened before stays as it is. */
  readonly starts: ReadonlyMap<bigint, Instant>;
  /** The retention line: what opened at it or before is sealed. */
  readonly line: Instant;
}

/** A loop with where it lives; `person` of a sequence that crosses patients. */
export interface PlacedLoop {
  readonly patient: bigint;
  readonly person?: bigint;
  readonly loop: Loop;
}

/** Replaces what was concluded of these, with where each loop stands and what is counted of them. */
export async function replaceLoops(db: Kysely<Database>, siteId: number, judged: Judged, placed: readonly PlacedLoop[]): Promise<void> {
  await lockStandings(db, siteId);
  const loops = await withoutSealed(
    db,
    placed.map((each) => loopRow(siteId, each)),
  );
  const standings = await deriveStandings(db, siteId, loops);
  const rows = loops.map((loop) => ({ ...loop, ...getStanding(standings, loop.loop_id) }));
  const replaced = await removeGone(db, judged, rows);
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
  await moveReviews(
    db,
    placed.map(({ loop, patient }) => ({ id: loop.id, patient })),
  );
}

/** What is sealed stays as it is, whatever an earlier `now` could still make of it. */
async function withoutSealed<Row extends { readonly loop_id: string }>(db: Kysely<Database>, rows: readonly Row[]): Promise<Row[]> {
  const { rows: sealed } = await selectSealed(rows.map((row) => row.loop_id)).execute(db);
  const ids = new Set(sealed.map((row) => row.loop_id));
  return rows.filter((row) => !ids.has(row.loop_id));
}

export function selectSealed(ids: readonly string[]): RawBuilder<{ loop_id: string }> {
  return sql`select loop_id from loop where loop_id = any(${ids}::uuid[]) and sealed is not null`;
}

/** Removes the loops that are no more, and returns them with those that are about to be replaced. */
async function removeGone(
  db: Kysely<Database>,
  { scope, starts, line }: Judged,
  rows: readonly { readonly patient_key: bigint; readonly loop_id: string }[],
): Promise<CountedLoop[]> {
  const from = [...starts.values()].map((start) => toTimestamp(Math.max(start, line)));
  const kept = sql`unnest(${rows.map((row) => row.patient_key)}::bigint[], ${rows.map((row) => row.loop_id)}::uuid[]) as kept (patient_key, loop_id)`;
  const counted = sql`loop.team, loop.signal, loop.signal_version, loop.tier, loop.verdict, loop.status, loop.urgency, loop.restricted, loop.test, loop.before_watch`;
  const isTheirs =
    scope === "person" ? sql`loop.by_person_key = judged.key` : sql`loop.patient_key = judged.key and loop.by_person_key is null`;
  const { rows: replaced } = await sql<CountedLoop>`
    select ${counted} from loop join ${kept} on kept.patient_key = loop.patient_key and kept.loop_id = loop.loop_id`.execute(db);
  // The keys once more by themselves: else PostgreSQL, not knowing how many there are, reads every loop for every patient. And `not in`, which
  // it hashes whatever it takes their number to be: for `not exists` it went through all that is kept for each loop (17 ms a batch, not 1).
  const keys = sql`any(${[...starts.keys()]}::bigint[])`;
  const { rows: gone } = await sql<CountedLoop>`
    delete from loop using unnest(${[...starts.keys()]}::bigint[], ${from}::timestamptz[]) as judged (key, from_at)
    where ${isTheirs} and ${scope === "person" ? sql`loop.by_person_key = ${keys}` : sql`loop.patient_key = ${keys}`} and loop.opened_at >= judged.from_at and loop.opened_at > ${toTimestamp(line)}::timestamptz and loop.sealed is null
      and (loop.patient_key, loop.loop_id) not in (select patient_key, loop_id from ${kept})
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

/** A review stays with its loop when the loop's patient changes. */
export async function moveReviews(
  db: Kysely<Database>,
  placed: readonly { readonly id: string; readonly patient: bigint }[],
): Promise<void> {
  const { rows: moved } = await sql<{ patient_key: bigint; loop_id: string; review_id: string }>`with place as materialized (
      select * from unnest(${placed.map(({ id }) => id)}::uuid[], ${placed.map(({ patient }) => patient)}::bigint[]) as given (loop_id, patient_key))
    insert into review (patient_key, loop_id, review_id, site_id, step, reason, reviewer, at, signal, subject, opening_event, opened_at, verdict, evidence)
    select place.patient_key, review.loop_id, review_id, site_id, step, reason, reviewer, at, signal, subject, opening_event, opened_at, verdict, evidence
    from review join place on place.loop_id = review.loop_id where review.patient_key <> place.patient_key
    returning patient_key, loop_id, review_id`.execute(db);
  if (moved.length === 0) return;
  // Those and no others: somebody may write another one meanwhile.
  await sql`delete from review using unnest(${moved.map((row) => row.patient_key)}::bigint[], ${moved.map((row) => row.loop_id)}::uuid[],
      ${moved.map((row) => row.review_id)}::uuid[]) as moved (patient_key, loop_id, review_id)
    where review.loop_id = moved.loop_id and review.review_id = moved.review_id and review.patient_key <> moved.patient_key`.execute(db);
}

function loopRow(siteId: number, { patient, person, loop }: PlacedLoop) {
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
    by_person_key: person ?? null,
  };
}

/** But for what a finding past the retention line rested on: detection never writes it. */
export const loopColumns: ColumnTypes = {
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
  by_person_key: "bigint",
  ...standingColumns,
};
