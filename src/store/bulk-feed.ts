import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { Instant } from "../domain/instant.ts";
import { unite } from "../domain/interval.ts";
import type { SourceName } from "./bulk-export.ts";
import { listCoverage, replaceCoverage } from "./coverage.ts";
import { findEarliestHour } from "./feed-hour.ts";

/** Up to where a type was exported, by the server's clock. */
export interface ExportedFeed {
  readonly type: string;
  /** From where on it was first asked for; -Infinity: everything. */
  readonly since: Instant;
  readonly exportedUntil: Instant;
  /** Whether an export ever held the type. */
  readonly listed: boolean;
}

/** At one level: another one has other patients, and begins anew. */
export async function listExported(db: Kysely<Database>, { siteId, source }: SourceName, level: string): Promise<ExportedFeed[]> {
  const rows = await db
    .selectFrom("bulk_feed")
    .select(["type", "since_at", "exported_until", "listed"])
    .where("site_id", "=", siteId)
    .where("source", "=", source)
    .where("level", "=", level)
    .orderBy("type")
    .execute();
  return rows.map(({ type, since_at, exported_until: exportedUntil, listed }) => ({
    type,
    since: since_at ?? -Infinity,
    exportedUntil,
    listed,
  }));
}

/**
 * Takes down that types were exported, and credits their coverage: from where they were first asked for, and where
 * everything was, from the earliest hour that their records (else any of the source) carry. `lagMs` before the end nothing
 * is credited.
 */
export async function creditExported(
  db: Kysely<Database>,
  { siteId, source }: SourceName,
  level: string,
  feeds: readonly ExportedFeed[],
  lagMs: number,
): Promise<void> {
  for (const { type, since, exportedUntil, listed } of feeds) {
    const from = since === -Infinity ? null : toTimestamp(since);
    await sql`insert into bulk_feed as held (site_id, source, level, type, since_at, exported_until, listed)
      values (${siteId}, ${source}, ${level}, ${type}, ${from}::timestamptz, ${toTimestamp(exportedUntil)}::timestamptz, ${listed})
      on conflict (site_id, source, level, type) do update set exported_until = greatest(held.exported_until, excluded.exported_until),
        listed = held.listed or excluded.listed`.execute(db);
  }
  const held = (await listCoverage(db, siteId)).filter((each) => each.source === source && each.how === "manifest");
  for (const { type, since, exportedUntil } of feeds) {
    const feed = { siteId, source, type };
    const from = since === -Infinity ? await findEarliestHour(db, feed) : since;
    const own = held.filter((each) => each.type === type);
    const to = exportedUntil - lagMs;
    const covered = unite([...own, ...(from === undefined ? [] : [{ from, to }])]);
    // One row an interval, however many exports there were.
    await replaceCoverage(db, feed, "manifest", covered);
  }
}
