import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import { withTransaction } from "../db/transaction.ts";
import type { Instant } from "../domain/instant.ts";

/** Drops what is older than the retention line and counts it: `stored` in this run becomes `expired`. */
export async function expire(db: Kysely<Database>, siteId: number, runId: string, line: Instant): Promise<void> {
  await withTransaction(db, async (transaction) => {
    const dropped = await sql<{ source: string; type: string; count: number }>`with dropped as (
        delete from resource_version where site_id = ${siteId} and latest_at <= ${toTimestamp(line)}::timestamptz returning source, type, resource_key),
      requeued as (insert into dirty_record (resource_key, site_id, expanded) select distinct resource_key, ${siteId}::integer, false from dropped
        on conflict (resource_key) do update set expanded = excluded.expanded)
      select source, type, count(*)::integer as count from dropped group by source, type`.execute(transaction);
    for (const { source, type, count } of dropped.rows) {
      await sql`update run_feed set expired = expired + least(stored, ${count}), stored = stored - least(stored, ${count})
        where run_id = ${runId} and source = ${source} and type = ${type}`.execute(transaction);
    }
  });
}
