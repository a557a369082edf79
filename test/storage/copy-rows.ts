import { sql, type Kysely, type RawBuilder } from "kysely";
import type { Database } from "../../src/db/schema.ts";

/** The rows of a table that meet a condition, as JSON text: keys are too long for JavaScript's numbers. */
export async function dumpRows(db: Kysely<Database>, table: string, where: RawBuilder<unknown> = sql`true`): Promise<string> {
  const { rows } = await sql<{
    text: string;
  }>`select coalesce(json_agg(to_json(held)), '[]')::text as text from ${sql.table(table)} as held where ${where}`.execute(db);
  return rows[0]?.text ?? "[]";
}

export async function loadRows(db: Kysely<Database>, table: string, text: string): Promise<void> {
  // With its schema, for `record` alone is a type of PostgreSQL's own.
  const place = sql.table(`public.${table}`);
  await sql`insert into ${place} select * from json_populate_recordset(null::${place}, ${text}::json)`.execute(db);
}
