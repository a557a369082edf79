import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { joinedActivities } from "../detect/joined-activities.ts";
import type { Instant } from "../domain/instant.ts";
import { emptyMonth, listMonthsBefore } from "./month-partitions.ts";

/** To drop a month waits for whoever reads, and everybody else waits behind it: not for long, and the next scan tries again. */
const patience = "2s";
const lockNotAvailable = "55P03";

/**
 * Drops the months of care events that lie before the retention line of every site. What somebody has for life (a condition, say) is looked
 * for however old it is, and is kept.
 */
export async function dropMonths(db: Kysely<Database>): Promise<void> {
  const line = await readLeastLine(db);
  if (line === undefined) return;
  const months = await listMonthsBefore(db, line);
  if (months.length === 0) return;
  const signals = await db.selectFrom("signal_version").select("definition").execute();
  const kept = [...joinedActivities(signals.map(({ definition }) => definition)).ever];
  for (const month of months) {
    try {
      await db.transaction().execute(async (transaction) => {
        await sql`select set_config('lock_timeout', ${patience}, true)`.execute(transaction);
        await emptyMonth(transaction, month, kept);
      });
    } catch (error) {
      if ((error as { code?: string }).code !== lockNotAvailable) throw error;
      return;
    }
  }
}

/** All sites share the months. Undefined while one that holds something has never been judged: nobody knows how far back it will look. */
async function readLeastLine(db: Kysely<Database>): Promise<Instant | undefined> {
  const { rows } = await sql<{ line: Instant | null; unjudged: number }>`
    select min(retained_from) as line, count(*) filter (where retained_from is null and latest_at is not null)::integer as unjudged from site`.execute(
    db,
  );
  const [row] = rows;
  return row?.line === null || row === undefined || row.unjudged > 0 ? undefined : row.line;
}
