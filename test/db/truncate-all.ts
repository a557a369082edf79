import { sql } from "kysely";
import type { Kysely } from "kysely";
import type { Database } from "../../src/db/schema.ts";

/**
 * Empties every table but `migration`, for the next round of a property test. Only tables with rows are truncated,
 * and partitions one by one: to truncate a hundred empty partitions costs more than most rounds.
 */
export async function truncateAll(db: Kysely<Database>): Promise<void> {
  const { rows: tables } = await sql<{ name: string }>`
    select c.oid::regclass::text as name from pg_class c
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname <> 'migration'`.execute(db);
  if (tables.length === 0) return;
  const probes = tables.map(({ name }) => sql`select ${sql.lit(name)} as name where exists (select from ${sql.raw(name)})`);
  const { rows: filled } = await sql<{ name: string }>`${sql.join(probes, sql` union all `)}`.execute(db);
  if (filled.length === 0) return;
  await sql`truncate ${sql.raw(filled.map(({ name }) => name).join(", "))} restart identity cascade`.execute(db);
}
