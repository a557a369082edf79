import { sql, type Kysely } from "kysely";
import { insertRows } from "../db/bulk-write.ts";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { Instant, Interval } from "../domain/instant.ts";
import { subtract } from "../domain/interval.ts";
import { replaceCoverage, type FeedName } from "./coverage.ts";
import { findEarliestHour } from "./feed-hour.ts";

/** How far a feed of a server was read; times of `meta.lastUpdated` by the server's clock. */
export interface FeedCursor {
  /** From where on it was first asked for; -Infinity: everything. */
  readonly since: Instant;
  /** The latest that was really seen. */
  readonly seenUntil: Instant | undefined;
  /** All before was asked for; what of it failed is kept as such. */
  readonly readUntil: Instant;
  /** Up to where what happened is known, but for what failed; -Infinity: nothing is yet. */
  readonly coveredUntil: Instant;
}

/** A window that a server did not give. */
export interface FailedInterval extends Interval {
  /** What happened from here to the end of the window cannot be said to be known. */
  readonly blindFrom: Instant;
  readonly reason: string;
}

/** Remembers which server a source is; answers the one that it was before, where that is another. */
export async function noteServer(db: Kysely<Database>, siteId: number, source: string, base: string): Promise<string | undefined> {
  await db
    .insertInto("source_server")
    .values({ site_id: siteId, source, base })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const held = await db
    .selectFrom("source_server")
    .select("base")
    .where("site_id", "=", siteId)
    .where("source", "=", source)
    .executeTakeFirstOrThrow();
  return held.base === base ? undefined : held.base;
}

export async function findCursor(db: Kysely<Database>, { siteId, source, type }: FeedName): Promise<FeedCursor | undefined> {
  const row = await db
    .selectFrom("feed_cursor")
    .selectAll()
    .where("site_id", "=", siteId)
    .where("source", "=", source)
    .where("type", "=", type)
    .executeTakeFirst();
  return (
    row && {
      since: row.since_at ?? -Infinity,
      seenUntil: row.seen_until ?? undefined,
      readUntil: row.read_until,
      coveredUntil: row.covered_until,
    }
  );
}

export async function writeCursor(db: Kysely<Database>, { siteId, source, type }: FeedName, cursor: FeedCursor): Promise<void> {
  const since = cursor.since === -Infinity ? null : toTimestamp(cursor.since);
  const seen = cursor.seenUntil === undefined ? null : toTimestamp(cursor.seenUntil);
  await sql`insert into feed_cursor (site_id, source, type, since_at, seen_until, read_until, covered_until)
    values (${siteId}, ${source}, ${type}, ${since}::timestamptz, ${seen}::timestamptz,
      ${toTimestamp(cursor.readUntil)}::timestamptz, ${toTimestamp(cursor.coveredUntil)}::timestamptz)
    on conflict (site_id, source, type) do update set seen_until = excluded.seen_until, read_until = excluded.read_until,
      covered_until = excluded.covered_until`.execute(db);
}

/** Windows that the server did not give, the oldest first. */
export async function listFailed(db: Kysely<Database>, { siteId, source, type }: FeedName): Promise<FailedInterval[]> {
  const rows = await db
    .selectFrom("failed_window")
    .select(["from_at", "to_at", "blind_from_at", "reason"])
    .where("site_id", "=", siteId)
    .where("source", "=", source)
    .where("type", "=", type)
    .orderBy("from_at")
    .execute();
  return rows.map(({ from_at: from, to_at: to, blind_from_at: blindFrom, reason }) => ({ from, to, blindFrom, reason }));
}

/** What is known of a window once it was asked for: which parts of it failed. All that was known of it before is replaced. */
export async function writeFailed(
  db: Kysely<Database>,
  feed: FeedName,
  window: Interval,
  failed: readonly FailedInterval[],
): Promise<void> {
  const { siteId, source, type } = feed;
  const rest = (await listFailed(db, feed)).flatMap(({ blindFrom, reason, ...held }) =>
    subtract([held], [window]).map((interval) => ({ ...interval, blindFrom, reason })),
  );
  await db.deleteFrom("failed_window").where("site_id", "=", siteId).where("source", "=", source).where("type", "=", type).execute();
  await insertRows(
    db,
    "failed_window",
    {
      site_id: "integer",
      source: "text",
      type: "text",
      from_at: "timestamptz",
      to_at: "timestamptz",
      blind_from_at: "timestamptz",
      reason: "text",
    },
    [...rest, ...failed].map(({ from, to, blindFrom, reason }) => ({
      site_id: siteId,
      source,
      type,
      from_at: from,
      to_at: to,
      blind_from_at: blindFrom,
      reason,
    })),
  );
}

/**
 * Credits a feed with what its cursor and its failed windows leave: from where it was first asked for, and where everything
 * was, from the earliest hour that its records (else any of the source) carry.
 */
export async function creditSearched(db: Kysely<Database>, feed: FeedName): Promise<void> {
  const cursor = await findCursor(db, feed);
  const from = cursor && (cursor.since === -Infinity ? await findEarliestHour(db, feed) : cursor.since);
  const blind = (await listFailed(db, feed)).map(({ blindFrom, to }) => ({ from: blindFrom, to }));
  const covered = from === undefined ? [] : subtract([{ from, to: cursor?.coveredUntil ?? from }], blind);
  await replaceCoverage(db, feed, "searched", covered);
}
