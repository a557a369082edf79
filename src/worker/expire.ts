import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import { withTransaction } from "../db/transaction.ts";
import type { Instant } from "../domain/instant.ts";

/**
 * Drops every record whose versions all lie before the retention line, and counts it: what this run stored becomes
 * `expired`. A record that anything newer is said of is kept whole. Its care events lie before the line as well, where
 * detection never looks; they stay as the evidence of findings that are sealed, until their month is dropped.
 */
export async function expire(db: Kysely<Database>, siteId: number, runId: string, line: Instant): Promise<void> {
  await withTransaction(db, async (transaction) => {
    const dropped = await sql<{ source: string; type: string; count: number }>`with dropped as (
        delete from resource_version as old where site_id = ${siteId} and latest_at <= ${toTimestamp(line)}::timestamptz
          and not exists (select from resource_version as newer where newer.resource_key = old.resource_key
            and (newer.latest_at is null or newer.latest_at > ${toTimestamp(line)}::timestamptz))
        returning source, type)
      select source, type, count(*)::integer as count from dropped group by source, type`.execute(transaction);
    for (const { source, type, count } of dropped.rows) {
      await sql`update run_feed set expired = expired + least(stored, ${count}), stored = stored - least(stored, ${count})
        where run_id = ${runId} and source = ${source} and type = ${type}`.execute(transaction);
    }
  });
}
