import { sql } from "kysely";
import { toTimestamp } from "../db/timestamp.ts";
import type { Instant, Interval } from "../domain/instant.ts";
import type { Db } from "./db.ts";

interface Feed {
  readonly source: string;
  readonly type: string;
}

/** What was held of one hour of a feed. */
export interface FeedHour {
  readonly at: Instant;
  readonly understood: number;
  readonly unreadable: number;
}

/** The hours of a feed that hold anything, within an interval. */
export async function listFeedHours(db: Db, siteId: number, { source, type }: Feed, { from, to }: Interval): Promise<FeedHour[]> {
  const rows = await db
    .selectFrom("feed_hour")
    .select(["hour_at", "understood", "unreadable"])
    .where("site_id", "=", siteId)
    .where("source", "=", source)
    .where("type", "=", type)
    .where("hour_at", ">=", sql<number>`${toTimestamp(from)}::timestamptz`)
    .where("hour_at", "<", sql<number>`${toTimestamp(to)}::timestamptz`)
    .execute();
  return rows.map(({ hour_at, understood, unreadable }) => ({ at: hour_at, understood, unreadable }));
}

/** Hours that were written since a scan judged what rests on them. */
export async function listChangedHours(db: Db, siteId: number): Promise<(Feed & { readonly at: Instant })[]> {
  const rows = await db
    .selectFrom("feed_hour")
    .select(["source", "type", "hour_at"])
    .where("site_id", "=", siteId)
    .where("changed", "=", true)
    .execute();
  return rows.map(({ source, type, hour_at }) => ({ source, type, at: hour_at }));
}

export async function clearChangedHours(db: Db, siteId: number): Promise<void> {
  await db.updateTable("feed_hour").set({ changed: false }).where("site_id", "=", siteId).where("changed", "=", true).execute();
}
