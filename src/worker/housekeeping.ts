import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";

type Table = keyof Database;

/**
 * Tells the planner how much there is now. The embedded database never does so by itself, PostgreSQL not within the first
 * minute: until then it takes 300 keys for half the table and reads all of it (measured: 199 ms against 1.9 ms).
 */
export async function refreshStatistics(db: Kysely<Database>, tables: readonly Table[]): Promise<void> {
  await sql`analyze ${sql.raw(tables.join(", "))}`.execute(db);
}

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
const pageBytes = 8_192;

/**
 * Tells the planner of tables that have grown fourfold since it was last told: a first pull would read all of them for each
 * batch, until the minute comes at which PostgreSQL looks by itself.
 */
export async function followGrowth(db: Kysely<Database>): Promise<void> {
  const { rows } = await sql<{ name: string }>`select relname as name from pg_class
    where relnamespace = current_schema()::regnamespace and relname = any(${Object.keys(lookedUp)}::text[])
      and pg_relation_size(oid) > ${sql.lit(pageBytes)} * greatest(4 * relpages::bigint, 20)`.execute(db);
  const grown = rows.map(({ name }) => `${name} (${lookedUp[name] ?? ""})`);
  if (grown.length > 0) await sql`analyze ${sql.raw(grown.join(", "))}`.execute(db);
}
