import { sql } from "kysely";
import { insertRows } from "../db/bulk-write.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { Instant, Interval } from "../domain/instant.ts";
import type { Db } from "./db.ts";

/** What was measured of one period of a series; see `Measure` of detection. */
export interface MeasuredPeriod extends Interval {
  readonly sum: number;
  readonly of: number;
  readonly leftOut: number;
}

interface SeriesOf {
  readonly siteId: number;
  readonly signal: string;
}

/** Those that hold anything and begin within a window, by their beginning. */
export async function readMeasured(db: Db, { siteId, signal }: SeriesOf, { from, to }: Interval): Promise<Map<Instant, MeasuredPeriod>> {
  const rows = await db
    .selectFrom("series_period")
    .select(["from_at", "to_at", "sum", "of", "left_out"])
    .where("site_id", "=", siteId)
    .where("signal", "=", signal)
    .where("from_at", ">=", sql<number>`${toTimestamp(from)}::timestamptz`)
    .where("from_at", "<", sql<number>`${toTimestamp(to)}::timestamptz`)
    .execute();
  return new Map(rows.map(({ from_at, to_at, sum, of, left_out }) => [from_at, { from: from_at, to: to_at, sum, of, leftOut: left_out }]));
}

/** Writes one period anew; one that holds nothing has no row. */
export async function replaceMeasured(db: Db, { siteId, signal }: SeriesOf, { from, to, sum, of, leftOut }: MeasuredPeriod): Promise<void> {
  await sql`delete from series_period where site_id = ${siteId} and signal = ${signal} and from_at = ${toTimestamp(from)}::timestamptz`.execute(
    db,
  );
  if (of + leftOut === 0) return;
  await insertRows(db, "series_period", columns, [{ site_id: siteId, signal, from_at: from, to_at: to, sum, of, left_out: leftOut }]);
}

/** Forgets what was measured and judged of a series, so that whoever is interrupted begins again. */
export async function forgetMeasured(db: Db, { siteId, signal }: SeriesOf): Promise<void> {
  for (const table of ["series_judged", "series_period"] as const)
    await sql`delete from ${sql.table(table)} where site_id = ${siteId} and signal = ${signal}`.execute(db);
}

/** Drops what is older than the retention line. */
export async function dropMeasured(db: Db, { siteId, signal }: SeriesOf, before: Instant): Promise<void> {
  await sql`delete from series_period where site_id = ${siteId} and signal = ${signal} and from_at < ${toTimestamp(before)}::timestamptz`.execute(
    db,
  );
}

const columns = {
  site_id: "integer",
  signal: "text",
  from_at: "timestamptz",
  to_at: "timestamptz",
  sum: "double precision",
  of: "integer",
  left_out: "integer",
} as const;
