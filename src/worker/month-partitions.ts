import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import type { Instant } from "../domain/instant.ts";

/** Earlier and later events go to the two partitions at the ends. */
const firstYear = 2000;
const lastYear = 2099;

/** Makes the partitions of care events that these instants need, where they are missing. */
export async function makeMonths(db: Kysely<Database>, instants: readonly Instant[]): Promise<void> {
  const wanted = new Set(
    instants
      .map((at) => new Date(at))
      .filter((date) => date.getUTCFullYear() >= firstYear && date.getUTCFullYear() <= lastYear)
      .map((date) => date.toISOString().slice(0, 7)),
  );
  if (wanted.size === 0) return;
  const held = await sql<{
    name: string;
  }>`select child.relname as name from pg_inherits join pg_class child on child.oid = inhrelid join pg_class parent on parent.oid = inhparent
    where parent.relname = 'care_event'`.execute(db);
  const names = new Set(held.rows.map((row) => row.name));
  for (const month of [...wanted].sort()) {
    const name = `care_event_${month.replace("-", "_")}`;
    if (names.has(name)) continue;
    const from = `${month}-01T00:00:00Z`;
    const [year, number] = month.split("-").map(Number);
    const to = new Date(Date.UTC(year ?? firstYear, number ?? 1)).toISOString();
    await sql`create table if not exists ${sql.table(name)} partition of care_event for values from (${sql.lit(from)}) to (${sql.lit(to)})`.execute(
      db,
    );
  }
}
