import { sql, type RawBuilder } from "kysely";
import { insertRows } from "../db/bulk-write.ts";
import { toTimestamp } from "../db/timestamp.ts";
import { withTransaction } from "../db/transaction.ts";
import type { Instant } from "../domain/instant.ts";
import type { Db } from "./db.ts";

const weekMs = 168 * 3_600_000;
const weeksBefore = 4;
const busyHour = 20;
const fewestUnreadable = 5;
const shareUnreadable = 0.01;
/** An hour of a feed is told of itself and of these many weeks after it. */
const hoursAtOnce = 2_000;

interface Hour {
  readonly source: string;
  readonly type: string;
  readonly at: Instant;
}

/**
 * Silent: an hour without an event whose same hour of the week held at least 20 in each of the four weeks before.
 * Unreadable: an hour in which more than 1 % (and at least 5) of a feed's resources could not be understood.
 */
export interface OddHour extends Hour {
  readonly why: "silent" | "unreadable";
}

/** All of a site: those that are kept, and what was written since they were weighed as it is. */
export async function listOddHours(db: Db, siteId: number): Promise<OddHour[]> {
  const kept = await db.selectFrom("odd_hour").select(["source", "type", "hour_at", "why"]).where("site_id", "=", siteId).execute();
  const hours = new Map(kept.map(({ hour_at: at, ...hour }): [string, OddHour] => [nameOf({ ...hour, at }), { ...hour, at }]));
  for (let after: Hour | undefined; ;) {
    const written = await listUnweighed(db, siteId, after);
    if (written.length === 0) return [...hours.values()];
    const resting = restingOn(written);
    for (const hour of resting) hours.delete(nameOf(hour));
    for (const hour of await findOdd(db, siteId, resting)) hours.set(nameOf(hour), hour);
    after = written.at(-1);
  }
}

/** Weighs what was written since it was last done. Safe to kill at any instant: some hours at a time are committed. */
export async function weighHours(db: Db, siteId: number): Promise<void> {
  for (;;) {
    const written = await listUnweighed(db, siteId);
    if (written.length === 0) return;
    const resting = restingOn(written);
    await withTransaction(db, async (transaction) => {
      const odd = await findOdd(transaction, siteId, resting);
      await sql`delete from odd_hour using ${given(resting)} where site_id = ${siteId} and ${isHour("odd_hour")}`.execute(transaction);
      const rows = odd.map(({ at: hour_at, ...hour }) => ({ site_id: siteId, ...hour, hour_at }));
      await insertRows(transaction, "odd_hour", columns, rows);
      await sql`update feed_hour set weighed = true from ${given(written)} where site_id = ${siteId} and ${isHour("feed_hour")}`.execute(
        transaction,
      );
    });
  }
}

const columns = { site_id: "integer", source: "text", type: "text", hour_at: "timestamptz", why: "text" };

async function listUnweighed(db: Db, siteId: number, after?: Hour): Promise<Hour[]> {
  const isAfter = after
    ? sql<boolean>`(source, type, hour_at) > (${after.source}, ${after.type}, ${toTimestamp(after.at)}::timestamptz)`
    : sql<boolean>`true`;
  const rows = await db
    .selectFrom("feed_hour")
    .select(["source", "type", "hour_at"])
    .where("site_id", "=", siteId)
    .where("weighed", "=", false)
    .where(isAfter)
    .orderBy("source")
    .orderBy("type")
    .orderBy("hour_at")
    .limit(hoursAtOnce)
    .execute();
  return rows.map(({ source, type, hour_at: at }) => ({ source, type, at }));
}

/** These, and the hours of which they are told. */
function restingOn(written: readonly Hour[]): Hour[] {
  const resting = written.flatMap((hour) =>
    Array.from({ length: weeksBefore + 1 }, (_, week) => ({ ...hour, at: hour.at + week * weekMs })),
  );
  return [...new Map(resting.map((hour) => [nameOf(hour), hour])).values()];
}

/** Those of the weeks before are joined, not looked up: of a table that has just been written the server looks all through for each. */
async function findOdd(db: Db, siteId: number, hours: readonly Hour[]): Promise<OddHour[]> {
  const { rows } = await sql<OddHour>`
    with hour as materialized (select * from ${given(hours)}),
    before as materialized (
      select hour.*, hour_at - week * interval '168 hours' as before_at from hour cross join generate_series(1, ${sql.lit(weeksBefore)}) as week),
    usually_busy as (
      select hour.source, hour.type, hour.hour_at from before as hour
      join feed_hour as earlier on earlier.site_id = ${siteId} and earlier.source = hour.source and earlier.type = hour.type
        and earlier.hour_at = hour.before_at
      where earlier.understood >= ${busyHour} group by hour.source, hour.type, hour.hour_at having count(*) = ${sql.lit(weeksBefore)})
    select hour.source, hour.type, hour.hour_at as at, case when held.unreadable >= ${fewestUnreadable} then 'unreadable' else 'silent' end as why
    from hour left join feed_hour as held on held.site_id = ${siteId} and ${isHour("held")}
      left join usually_busy as busy on ${isHour("busy")}
    where held.unreadable >= ${fewestUnreadable} and held.unreadable > ${shareUnreadable}::double precision * (held.understood + held.unreadable)
      or coalesce(held.understood + held.unreadable, 0) = 0 and busy.source is not null`.execute(db);
  return rows;
}

function given(hours: readonly Hour[]): RawBuilder<unknown> {
  return sql`unnest(${hours.map(({ source }) => source)}::text[], ${hours.map(({ type }) => type)}::text[],
    ${hours.map(({ at }) => toTimestamp(at))}::timestamptz[]) as hour (source, type, hour_at)`;
}

function isHour(table: string): RawBuilder<boolean> {
  return sql`${sql.ref(`${table}.source`)} = hour.source and ${sql.ref(`${table}.type`)} = hour.type and ${sql.ref(`${table}.hour_at`)} = hour.hour_at`;
}

/** Neither a source nor a type has a space in it. */
function nameOf({ source, type, at }: Hour): string {
  return `${source} ${type} ${String(at)}`;
}
