import type { Kysely } from "kysely";
import { insertRows } from "../db/bulk-write.ts";
import type { Database } from "../db/schema.ts";
import type { Instant, Interval } from "../domain/instant.ts";

/** One resource type from one source of a site. */
export interface FeedName {
  readonly siteId: number;
  readonly source: string;
  readonly type: string;
}

export interface ReadCoverage {
  readonly type: string;
  readonly intervals: readonly Interval[];
  readonly how: "declared" | "manifest" | "assumed" | "searched";
}

/** Credits what a pull has read and understood; a type with no interval is a feed the site has, not covered yet. */
export async function addCoverage(db: Kysely<Database>, siteId: number, source: string, feeds: readonly ReadCoverage[]): Promise<void> {
  const types = feeds.map(({ type }) => ({ site_id: siteId, source, type }));
  await insertRows(db, "feed", { site_id: "integer", source: "text", type: "text" }, types, { onConflict: "nothing" });
  for (const { type, how, intervals } of feeds) await insertCoverage(db, { siteId, source, type }, how, intervals);
}

/** Credits a feed with this, and with nothing else that is known in this way. */
export async function replaceCoverage(
  db: Kysely<Database>,
  feed: FeedName,
  how: ReadCoverage["how"],
  intervals: readonly Interval[],
): Promise<void> {
  await db
    .deleteFrom("coverage")
    .where("site_id", "=", feed.siteId)
    .where("source", "=", feed.source)
    .where("type", "=", feed.type)
    .where("how", "=", how)
    .execute();
  await insertCoverage(db, feed, how, intervals);
}

async function insertCoverage(
  db: Kysely<Database>,
  { siteId, source, type }: FeedName,
  how: ReadCoverage["how"],
  intervals: readonly Interval[],
): Promise<void> {
  await insertRows(
    db,
    "coverage",
    { site_id: "integer", source: "text", type: "text", from_at: "timestamptz", to_at: "timestamptz", how: "text" },
    intervals.filter(({ from, to }) => from < to).map(({ from, to }) => ({ site_id: siteId, source, type, from_at: from, to_at: to, how })),
    { onConflict: "nothing" },
  );
}

export interface StoredCoverage {
  readonly source: string;
  readonly type: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly how: ReadCoverage["how"];
}

export async function listCoverage(db: Kysely<Database>, siteId: number): Promise<StoredCoverage[]> {
  const rows = await db
    .selectFrom("coverage")
    .select(["source", "type", "from_at", "to_at", "how"])
    .where("site_id", "=", siteId)
    .orderBy("source")
    .orderBy("type")
    .orderBy("from_at")
    .execute();
  return rows.map(({ source, type, from_at, to_at, how }) => ({ source, type, from: from_at, to: to_at, how }));
}

export async function listFeeds(db: Kysely<Database>, siteId: number): Promise<{ source: string; type: string }[]> {
  return db.selectFrom("feed").select(["source", "type"]).where("site_id", "=", siteId).orderBy("source").orderBy("type").execute();
}
