import { sql, type RawBuilder } from "kysely";
import { withTransaction } from "../db/transaction.ts";
import type { Db } from "./db.ts";
import { changeCounts, type CountedLoop } from "./loop-count.ts";
import { deriveStandings, standingColumns, type LoopStanding, type StandingLoop } from "./standing.ts";

/** Any number that no other lock of the database has as its first half. */
const standingLocks = 471_104;
const patientsAtOnce = 500;

type HeldLoop = StandingLoop & CountedLoop & LoopStanding;

/**
 * Until the transaction ends nobody else changes where the loops of this site stand: a review and a scan take turns, so that neither
 * works out a standing from what the other is about to change.
 */
export async function lockStandings(db: Db, siteId: number): Promise<void> {
  if (!db.isTransaction) throw new Error("standings are locked by a transaction, and there is none");
  await sql`select pg_advisory_xact_lock(${standingLocks}::integer, ${siteId}::integer)`.execute(db);
}

/** Which loops: by their own ids, or all about a record or a person. */
export interface WhichLoops {
  readonly loopIds?: readonly string[];
  readonly subjects?: readonly bigint[];
  readonly patients?: readonly bigint[];
}

/** Works out anew where these loops stand, after their reviews or the labels around them have changed, and counts what is different. */
export async function settleStandings(db: Db, siteId: number, { loopIds, subjects, patients }: WhichLoops): Promise<void> {
  const which = [
    ...(loopIds ? [sql<boolean>`loop_id = any(${[...loopIds]}::uuid[])`] : []),
    ...(subjects ? [sql<boolean>`subject_key = any(${[...subjects]}::bigint[])`] : []),
    ...(patients ? [sql<boolean>`patient_key = any(${[...patients]}::bigint[])`] : []),
  ];
  if (which.length === 0) return;
  await withTransaction(db, async (transaction) => {
    await lockStandings(transaction, siteId);
    await settle(transaction, siteId, sql`(${sql.join(which, sql` or `)})`);
  });
}

/** Loops that were held before standings were. */
export async function settleOldLoops(db: Db): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ site_id: number; patient_key: bigint }>`
      select distinct site_id, patient_key from loop where status is null order by site_id, patient_key limit ${patientsAtOnce}`.execute(
      db,
    );
    if (rows.length === 0) return;
    for (const [siteId, ofSite] of Map.groupBy(rows, (row) => row.site_id))
      await settleStandings(db, siteId, { patients: ofSite.map((row) => row.patient_key) });
  }
}

async function settle(db: Db, siteId: number, which: RawBuilder<unknown>): Promise<void> {
  const { rows: held } = await sql<HeldLoop>`
    select patient_key, loop_id, subject_key, signal, signal_version, verdict, before_watch, urgency, priority, team,
      ${sql.join(Object.keys(standingColumns).map((name) => sql.ref(name)))}
    from loop where site_id = ${siteId} and ${which}`.execute(db);
  const standings = await deriveStandings(db, siteId, held);
  const changed = held.flatMap((was) => {
    const is = standings.get(was.loop_id);
    return is && names.some((name) => was[name] !== is[name]) ? [{ was, is: { ...was, ...is } }] : [];
  });
  if (changed.length === 0) return;
  const columns = { patient_key: "bigint", loop_id: "uuid", ...standingColumns };
  const given = Object.entries(columns).map(
    ([name, type]) => sql`${changed.map(({ is }) => is[name as keyof HeldLoop])}::${sql.raw(type)}[]`,
  );
  const changes = sql.join(names.map((name) => sql`${sql.ref(name)} = now.${sql.ref(name)}`));
  await sql`update loop set ${changes} from unnest(${sql.join(given)}) as now (${sql.join(Object.keys(columns).map((name) => sql.ref(name)))})
    where loop.patient_key = now.patient_key and loop.loop_id = now.loop_id`.execute(db);
  await changeCounts(
    db,
    siteId,
    // What was never settled was never counted.
    changed.flatMap(({ was }) => ((was.status as string | null) === null ? [] : [was])),
    changed.map(({ is }) => is),
  );
}

const names = Object.keys(standingColumns) as (keyof LoopStanding)[];
