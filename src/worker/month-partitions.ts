import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import type { Instant } from "../domain/instant.ts";

/** Earlier and later events go to the two partitions at the ends. */
const firstYear = 2000;
const lastYear = 2099;

const monthsAhead = 2;

/** Those that what comes next will need: to make one waits for everybody who reads, and the busiest hour is no time for that. */
export async function makeMonthsAhead(db: Kysely<Database>, now: Instant): Promise<void> {
  const date = new Date(now);
  const months = Array.from({ length: monthsAhead + 1 }, (_, ahead) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + ahead, 1));
  await makeMonths(db, months);
}

/** Makes the partitions of care events that these instants need, where they are missing. */
export async function makeMonths(db: Kysely<Database>, instants: readonly Instant[]): Promise<void> {
  const wanted = new Set(
    instants
      .map((at) => new Date(at))
      .filter((date) => date.getUTCFullYear() >= firstYear && date.getUTCFullYear() <= lastYear)
      .map((date) => date.toISOString().slice(0, 7)),
  );
  if (wanted.size === 0) return;
  const names = new Set(await listPartitions(db));
  for (const month of [...wanted].sort()) {
    const name = `care_event_${month.replace("-", "_")}`;
    if (!names.has(name)) await makeMonth(db, name);
  }
}

async function makeMonth(db: Kysely<Database>, name: string): Promise<void> {
  const [from, to] = monthOf(name).map((at) => new Date(at).toISOString());
  await sql`create table if not exists ${sql.table(name)} partition of care_event for values from (${sql.lit(from)}) to (${sql.lit(to)})`.execute(
    db,
  );
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

/** Drops the month and makes it anew with those of its events that are of these activities; without any, not again. */
export async function emptyMonth(db: Kysely<Database>, name: string, kept: readonly string[]): Promise<void> {
  const isKept = sql<boolean>`activity = any(${[...kept]}::activity[])`;
  const { rows: left } = await sql`select from ${sql.table(name)} where ${isKept} limit 1`.execute(db);
  if (left.length === 0) {
    await sql`drop table ${sql.table(name)}`.execute(db);
    return;
  }
  await sql`create temporary table kept_event on commit drop as select * from ${sql.table(name)} where ${isKept}`.execute(db);
  await sql`drop table ${sql.table(name)}`.execute(db);
  await makeMonth(db, name);
  await sql`insert into care_event select * from kept_event`.execute(db);
}

/** Whether there is anything in it but events of these activities; or nothing at all, so that it need not be there. */
export async function isToBeEmptied(db: Kysely<Database>, name: string, kept: readonly string[]): Promise<boolean> {
  const { rows } = await sql`select from ${sql.table(name)} where activity <> all(${[...kept]}::activity[]) limit 1`.execute(db);
  if (rows.length > 0) return true;
  const { rows: any } = await sql`select from ${sql.table(name)} limit 1`.execute(db);
  return any.length === 0;
}
