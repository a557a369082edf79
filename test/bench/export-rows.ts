import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CompiledQuery, sql } from "kysely";
import { BinaryRows } from "../../src/db/binary-rows.ts";
import type { Connection } from "../../src/db/connect.ts";
import { makeMonths } from "../../src/worker/month-partitions.ts";

const rowsAtOnce = 5_000;

/**
 * Everything that ingesting wrote, in files that COPY takes as they stand: a folder a part, a file a table. The queue of
 * patients is part of it; what was only written on the way is not.
 */
export async function exportRows({ db }: Connection, folder: string, parts: number): Promise<void> {
  const { rows: tables } = await sql<{ name: string }>`select relname as name from pg_class
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and not relispartition
      and relname not in ('migration', 'site', 'run', 'normalised_with')`.execute(db);
  for (const { name } of tables) {
    const { rows: columns } = await sql<{ name: string; type: string }>`select attname as name, format_type(atttypid, atttypmod) as type
      from pg_attribute where attrelid = ${name}::regclass and attnum > 0 and not attisdropped order by attnum`.execute(db);
    const types = Object.fromEntries(columns.map(({ name, type }) => [name, type.replace("timestamp with time zone", "timestamptz")]));
    const { rows: counted } = await sql<{ count: number }>`select count(*)::integer as count from ${sql.table(name)}`.execute(db);
    const rowsAPart = Math.ceil((counted[0]?.count ?? 0) / parts);
    await db.transaction().execute(async (transaction) => {
      await transaction.executeQuery(CompiledQuery.raw(`declare held cursor for select * from "${name}"`));
      let part = 0;
      const data = new BinaryRows(types);
      for (;;) {
        const { rows } = await sql<Record<string, unknown>>`fetch ${sql.lit(rowsAtOnce)} from held`.execute(transaction);
        for (const row of rows) {
          data.add(row);
          if (data.count === rowsAPart) write(data, part++);
        }
        if (rows.length < rowsAtOnce) break;
      }
      if (data.count > 0) write(data, part);
    });

    function write(data: BinaryRows, part: number): void {
      const into = join(folder, String(part).padStart(4, "0"));
      mkdirSync(into, { recursive: true });
      writeFileSync(join(into, name), data.take());
    }
  }
}

/** Partitions are made before anything is measured. */
export async function makeSameMonths(from: Connection, to: Connection): Promise<void> {
  const { rows } = await sql<{ at: number }>`select distinct date_trunc('month', at) as at from care_event`.execute(from.db);
  await makeMonths(
    to.db,
    rows.map(({ at }) => at),
  );
}
