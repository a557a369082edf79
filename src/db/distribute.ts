import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sql, type Kysely } from "kysely";
import { UserError } from "../domain/user-error.ts";
import { migrationsFolder } from "./migrate.ts";
import type { Database } from "./schema.ts";

/** One table of `sql/citus.sql` and the statement that distributes it, or copies it to every machine. */
export interface Distribution {
  readonly table: string;
  /** Absent: a copy on every machine. */
  readonly key?: string;
  readonly beside?: string;
  readonly statement: string;
}

/** What `sql/citus.sql` says, in its order: a table comes after the one that it stands beside. */
export function readDistributions(): Distribution[] {
  const lines = readFileSync(join(migrationsFolder, "citus.sql"), "utf8").split("\n");
  return lines.flatMap((line) => {
    const spread = /^select create_distributed_table\('(\w+)', '(\w+)', colocate_with => '(\w+)'\);$/.exec(line);
    const copied = /^select create_reference_table\('(\w+)'\);$/.exec(line);
    const [, table = copied?.[1], key, beside] = spread ?? [];
    if (table !== undefined) return [{ table, statement: line, ...(key !== undefined && beside !== undefined && { key, beside }) }];
    if (line === "" || line.startsWith("--")) return [];
    throw new Error(`sql/citus.sql has a line that is no statement of one table: ${line}`);
  });
}

/**
 * Distributes the tables over the machines of a Citus cluster, each in a transaction of its own, those that are not distributed yet;
 * answers their names. What is held is moved with them.
 * @throws UserError `citus-missing`
 */
export async function distribute(db: Kysely<Database>): Promise<string[]> {
  const { rows: found } = await sql<{
    is: boolean;
  }>`select exists (select from pg_proc where proname = 'create_distributed_table') as is`.execute(db);
  if (found[0]?.is !== true)
    throw new UserError(
      "citus-missing",
      "This database has no extension citus, so that its tables cannot be distributed.",
      "Install Citus 11 or newer on every machine, name the machines (citus_add_node), run `create extension citus` in this database, and then this again.",
    );
  const { rows } = await sql<{ name: string }>`select logicalrelid::regclass::text as name from pg_dist_partition`.execute(db);
  const done = new Set(rows.map(({ name }) => name));
  const left = readDistributions().filter(({ table }) => !done.has(table));
  for (const { statement } of left) await sql.raw(statement).execute(db);
  return left.map(({ table }) => table);
}
