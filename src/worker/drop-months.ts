import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
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
  // No site asks for what is gone, whatever the `now` of its first scan.
  await sql`update site set retained_from = ${toTimestamp(line)}::timestamptz where retained_from is null and latest_at is not null`.execute(
    db,
  );
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

/**
 * All sites share the months. One that was only ever pulled keeps what it will look back to when it is first judged. Undefined while one of which
 * not even that is known holds something, or while one is being judged for the first time.
 */
async function readLeastLine(db: Kysely<Database>): Promise<Instant | undefined> {
  const { rows } = await sql<{ line: Instant | null; unknown: number }>`
    select min(coalesce(retained_from, pulled_line)) as line, count(*) filter (where retained_from is null and latest_at is not null
      and (pulled_line is null or exists (select from run where run.site_id = site.site_id and run.state = 'running')))::integer as unknown from site`.execute(
    db,
  );
  const [row] = rows;
  return row?.line === null || row === undefined || row.unknown > 0 ? undefined : row.line;
}
