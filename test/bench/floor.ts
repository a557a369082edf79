import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { insertRows, type ColumnTypes } from "../../src/db/bulk-write.ts";
import type { Connection } from "../../src/db/connect.ts";

const tables = ["resource_block", "resource_version", "record", "link", "dirty_record"];

interface TableRows {
  readonly table: string;
  readonly columns: ColumnTypes;
  readonly rows: Readonly<Record<string, unknown>>[];
}

/** Everything that reading a folder wrote, to be written again without the reading. */
export async function copyWhatWasRead({ db }: Connection): Promise<TableRows[]> {
  const copies: TableRows[] = [];
  for (const table of tables) {
    const described = await sql<{ name: string; type: string }>`select attname as name, format_type(atttypid, atttypmod) as type
      from pg_attribute where attrelid = ${table}::regclass and attnum > 0 and not attisdropped`.execute(db);
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(db);
    const columns = described.rows.map(({ name, type }) => [name, type.replace("timestamp with time zone", "timestamptz")]);
    copies.push({ table, columns: Object.fromEntries(columns) as ColumnTypes, rows });
  }
  return copies;
}

/** The least that any reader must do: parse every line, and put the same rows into the same tables, thousands at a time. */
export async function writeFloor({ db }: Connection, folder: string, copies: readonly TableRows[]): Promise<void> {
  for (const name of readdirSync(folder)) {
    if (!name.endsWith(".ndjson")) continue;
    for (const line of readFileSync(join(folder, name), "utf8").split("\n")) if (line !== "") JSON.parse(line);
  }
  await db.transaction().execute(async (transaction) => {
    for (const { table, columns, rows } of copies) await insertRows(transaction, table, columns, rows, { onConflict: "nothing" });
  });
}
