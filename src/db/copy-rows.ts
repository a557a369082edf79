import { CompiledQuery, type Kysely } from "kysely";
import { BinaryRows } from "./binary-rows.ts";
import type { ColumnTypes } from "./bulk-write.ts";
import { CopyData } from "./copy-in.ts";
import type { Database } from "./schema.ts";

/** A statement's data stay in memory until they are sent. */
const bytesPerStatement = 4_000_000;

/**
 * Adds rows by COPY: half the work of `insertRows`, which sends each value as text. A row that is held already is an error
 * (23505), so it is for rows that are known to be new. A column absent from a row is null; a timestamptz is given as epoch
 * milliseconds, jsonb as any value. Several statements are not one transaction: pass one as `db` where they must be.
 */
export async function copyRows(
  db: Kysely<Database>,
  table: string,
  columns: ColumnTypes,
  rows: Iterable<Readonly<Record<string, unknown>>>,
): Promise<void> {
  const data = new BinaryRows(columns);
  for (const row of rows) {
    data.add(row);
    if (data.bytes >= bytesPerStatement) await copyWritten(db, table, data);
  }
  await copyWritten(db, table, data);
}

/** The same of rows that were written down before, which are few enough for one statement. */
export async function copyWritten(db: Kysely<Database>, table: string, data: BinaryRows): Promise<void> {
  if (data.count === 0) return;
  const statement = `copy "${table}" (${data.columns.map((name) => `"${name}"`).join(", ")}) from stdin (format binary)`;
  await db.executeQuery(CompiledQuery.raw(statement, [new CopyData(data.take())]));
}
