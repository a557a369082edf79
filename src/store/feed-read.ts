import { statedOf, type FeedStatement } from "../domain/feed-statement.ts";
import type { Instant, Interval } from "../domain/instant.ts";
import { intersect, subtract } from "../domain/interval.ts";
import type { Db } from "./db.ts";
import { listFeedStatements } from "./feed-statement.ts";

/** What was read of each feed within a window of time, less the outages that people know of; by source and type. */
export async function readReadFeeds(
  db: Db,
  siteId: number,
  feeds: readonly { readonly source: string; readonly type: string }[],
  window: Interval,
): Promise<Map<string, Interval[]>> {
  const covered = await db.selectFrom("coverage").select(["source", "type", "from_at", "to_at"]).where("site_id", "=", siteId).execute();
  const statements = await listFeedStatements(db, siteId);
  return new Map(feeds.map((feed) => [`${feed.source} ${feed.type}`, intersect([window], readOfFeed(covered, statements, feed))]));
}

/** What was read of one feed, and did not lie in an outage. */
export function readOfFeed(
  covered: readonly { readonly source: string; readonly type: string; readonly from_at: Instant; readonly to_at: Instant }[],
  statements: readonly FeedStatement[],
  { source, type }: { readonly source: string; readonly type: string },
): Interval[] {
  const read = covered.filter((row) => row.source === source && row.type === type).map((row) => ({ from: row.from_at, to: row.to_at }));
  return subtract(read, statedOf(statements, "outage", source, type));
}
