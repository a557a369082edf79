import { sql } from "kysely";
import { toTimestamp } from "../db/timestamp.ts";
import type { Instant, Interval } from "../domain/instant.ts";
import { intersect } from "../domain/interval.ts";
import { wholeHours } from "../domain/wall-clock.ts";
import type { FeedName } from "./coverage.ts";
import type { Db } from "./db.ts";

interface Feed {
  readonly source: string;
  readonly type: string;
}

/** What was held of one hour of a feed. */
interface FeedHour {
  readonly at: Instant;
  readonly understood: number;
  readonly unreadable: number;
}

/** The hours of a feed that hold anything, within an interval. */
async function listFeedHours(db: Db, siteId: number, { source, type }: Feed, { from, to }: Interval): Promise<FeedHour[]> {
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

/** The counts of a feed within a window of time, where `seen` was read of it; see `HourCounts` of detection. */
export async function readHourCounts(db: Db, siteId: number, feed: Feed, seen: readonly Interval[], window: Interval) {
  const held = new Map((await listFeedHours(db, siteId, feed, window)).map((hour) => [hour.at, hour]));
  const known = new Set(intersect([window], seen).flatMap(wholeHours));
  return {
    countAt: (hour: Instant): number => held.get(hour)?.understood ?? 0,
    isHeard: (hour: Instant): boolean => (held.get(hour)?.understood ?? 0) + (held.get(hour)?.unreadable ?? 0) > 0,
    isKnown: (hour: Instant): boolean => known.has(hour),
  };
}

/** The earliest hour that the records of a feed carry, else any of its source. */
export async function findEarliestHour(db: Db, { siteId, source, type }: FeedName): Promise<Instant | undefined> {
  const { rows } = await sql<{ own: Instant | null; any: Instant | null }>`
    select min(hour_at) filter (where type = ${type}) as own, min(hour_at) as any from feed_hour
    where site_id = ${siteId} and source = ${source} and understood > 0`.execute(db);
  return rows[0]?.own ?? rows[0]?.any ?? undefined;
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
