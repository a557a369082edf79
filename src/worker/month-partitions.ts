import { sql, type Kysely, type RawBuilder, type Transaction } from "kysely";
import type { Database } from "../db/schema.ts";
import { withTransaction } from "../db/transaction.ts";
import type { Instant } from "../domain/instant.ts";

/** Earlier and later events go to the two partitions at the ends. */
const firstYear = 2000;
const lastYear = 2099;

const monthsAhead = 2;
const dayMs = 86_400_000;

/** Those that what comes next will need, so that few transactions of those who write have to. */
export async function makeMonthsAhead(db: Kysely<Database>, now: Instant): Promise<void> {
  const date = new Date(now);
  const months = Array.from({ length: monthsAhead + 1 }, (_, ahead) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + ahead, 1));
  await makeMonths(db, months);
}

/** Makes the partitions of care events that these instants need, where they are missing. Any number of processes may do this at once. */
export async function makeMonths(db: Kysely<Database>, instants: readonly Instant[]): Promise<void> {
  const days = new Set(instants.map((at) => Math.floor(at / dayMs)));
  const wanted = new Set(
    [...days]
      .map((day) => new Date(day * dayMs))
      .filter((date) => date.getUTCFullYear() >= firstYear && date.getUTCFullYear() <= lastYear)
      .map((date) => `care_event_${date.toISOString().slice(0, 7).replace("-", "_")}`),
  );
  if (wanted.size === 0 || missingOf(wanted, await listPartitions(db)).length === 0) return;
  await withTransaction(db, async (transaction) => {
    // One after another, and of two who want the same the second finds it there. Who reads and writes goes on meanwhile, and nobody waits for
    // what the server does with a month: `only`, or each month would be locked too (measured: 2.8 s behind its own vacuum).
    await sql`lock table only care_event in share update exclusive mode`.execute(transaction);
    for (const name of missingOf(wanted, await listPartitions(transaction))) await makeMonth(transaction, name);
  });
}

function missingOf(wanted: ReadonlySet<string>, there: readonly string[]): string[] {
  return [...wanted.difference(new Set(there))].sort();
}

/** Made apart and then attached: that waits for nobody, as to make it in its place would. */
async function makeMonth(db: Kysely<Database>, name: string): Promise<void> {
  const [from, to] = monthOf(name).map((at) => new Date(at).toISOString());
  await sql`create table ${sql.table(name)} (like care_event including all)`.execute(db);
  await sql`alter table care_event attach partition ${sql.table(name)} for values from (${sql.lit(from)}) to (${sql.lit(to)})`.execute(db);
}

/** Where the month of a partition begins and ends, by its name. */
function monthOf(name: string): [Instant, Instant] {
  const [year = firstYear, month = 1] = name.slice("care_event_".length).split("_").map(Number);
  return [Date.UTC(year, month - 1), Date.UTC(year, month)];
}

async function listPartitions(db: Kysely<Database>): Promise<string[]> {
  const { rows } = await sql<{
    name: string;
  }>`select child.relname as name from pg_inherits join pg_class child on child.oid = inhrelid join pg_class parent on parent.oid = inhparent
    where parent.relname = 'care_event'`.execute(db);
  return rows.map((row) => row.name);
}

/** The partitions of months that have ended by an instant, the oldest first; those at the ends are none. */
export async function listMonthsBefore(db: Kysely<Database>, line: Instant): Promise<string[]> {
  const months = (await listPartitions(db)).filter((name) => /^care_event_\d{4}_\d{2}$/.test(name));
  return months.filter((name) => monthOf(name)[1] <= line).sort();
}

/** Any number that no other lock of the database has. */
const droppingMonths = 471_104;

/**
 * Drops a month that holds anything but events of these activities, and makes it anew with those; one that holds nothing, or
 * nothing else is left of, not again. Takes a transaction of its own: who drops at the same time is waited for, and what they
 * have dropped is not there any more.
 */
export async function emptyMonth(db: Transaction<Database>, name: string, kept: readonly string[]): Promise<void> {
  await sql`select pg_advisory_xact_lock(${droppingMonths}::bigint)`.execute(db);
  if (!(await listPartitions(db)).includes(name)) return;
  const isKept = sql<boolean>`activity = any(${[...kept]}::activity[])`;
  const has = async (condition: RawBuilder<boolean>): Promise<boolean> =>
    (await sql`select from ${sql.table(name)} where ${condition} limit 1`.execute(db)).rows.length > 0;
  const keepsSome = await has(isKept);
  if (keepsSome && !(await has(sql`not ${isKept}`))) return;
  // Before the month is locked: to look for what is held later takes a while.
  await forgetActors(db, name);
  if (keepsSome)
    await sql`create temporary table kept_event on commit drop as select * from ${sql.table(name)} where ${isKept}`.execute(db);
  await sql`drop table ${sql.table(name)}`.execute(db);
  if (!keepsSome) return;
  await makeMonth(db, name);
  await sql`insert into care_event select * from kept_event`.execute(db);
}

/**
 * Forgets who acted on the patients of whom nothing later is held: nothing that is judged of them hangs on who is who any more.
 */
async function forgetActors(db: Kysely<Database>, name: string): Promise<void> {
  const [, end] = monthOf(name).map((at) => new Date(at).toISOString());
  const { rows } = await sql<{ key: bigint }>`
    select distinct gone.patient_key as key from ${sql.table(name)} as gone
    where not exists (select from care_event as later where later.patient_key = gone.patient_key and later.at >= ${end}::timestamptz)`.execute(
    db,
  );
  if (rows.length > 0) await sql`delete from actor_patient where patient_key = any(${rows.map((row) => row.key)}::bigint[])`.execute(db);
}
