import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";

type Table = keyof Database;

/**
 * Tells the planner how much there is now, of tables that have grown twofold since it was last told, partition by partition: what a
 * day adds to years of history it reckons from their sizes. The embedded database never tells it by itself, PostgreSQL not within the
 * first minute: until then it takes 300 keys for half the table and reads all of it (measured: 199 ms against 1.9 ms).
 */
export async function refreshStatistics(db: Kysely<Database>, tables: readonly Table[]): Promise<void> {
  const grown = await listGrown(db, tables, 2);
  if (grown.length > 0) await sql`analyze ${sql.join(grown.map((name) => sql.table(name)))}`.execute(db);
  // A partitioned table has statistics of its own, by which joins are planned; to take them is to read all of its partitions.
  const { rows } = await sql<{ name: string }>`select parent.relname as name from pg_class as parent
    join pg_inherits on inhparent = parent.oid join pg_class as child on child.oid = inhrelid
    where parent.relnamespace = current_schema()::regnamespace and parent.relkind = 'p' and parent.relname = any(${tables}::text[])
    group by parent.oid having sum(child.reltuples) > 2 * greatest(parent.reltuples, 0)`.execute(db);
  if (rows.length > 0) await sql`analyze ${sql.join(rows.map(({ name }) => sql.table(name)))}`.execute(db);
}

/** Of these tables and their partitions. */
async function listGrown(db: Kysely<Database>, tables: readonly string[], times: number): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select relname as name from pg_class
    where relnamespace = current_schema()::regnamespace and relkind = 'r' and (relname = any(${tables}::text[]) or oid in (
        select inhrelid from pg_inherits join pg_class as parent on parent.oid = inhparent where parent.relname = any(${tables}::text[])))
      and pg_relation_size(oid) > ${sql.lit(pageBytes)} * greatest(${sql.lit(times)} * relpages::bigint, ${sql.lit(fewPages)})`.execute(db);
  return rows.map(({ name }) => name);
}

const pageBytes = 8_192;
/** Whatever is known of a table as small as that does not matter. */
const fewPages = 20;

/** Gives back the room of rows deleted from the queues: nobody else does where the database is embedded. */
export async function sweep(db: Kysely<Database>, tables: readonly Table[]): Promise<void> {
  // Inside a transaction nothing can be given back, nor needs to be.
  if (db.isTransaction) return;
  for (const table of tables) await sql`vacuum ${sql.raw(table)}`.execute(db);
}

/** Keys by which rows are looked up while much is read, of tables that it makes large. */
const lookedUp: Readonly<Record<string, string>> = {
  record: "resource_key, patient_ref",
  resource_version: "resource_key",
  link: "target_key, source_key",
  alias: "alias_key, resource_key, said_by",
  dirty_record: "resource_key",
};

/**
 * Tells the planner of tables that have grown fourfold since it was last told: a first pull would read all of them for each
 * batch, until the minute comes at which PostgreSQL looks by itself.
 */
export async function followGrowth(db: Kysely<Database>): Promise<void> {
  const names = await listGrown(db, Object.keys(lookedUp), 4);
  const grown = names.map((name) => `${name} (${lookedUp[name] ?? ""})`);
  if (grown.length > 0) await sql`analyze ${sql.raw(grown.join(", "))}`.execute(db);
}
