import { sql } from "kysely";
import type { SeriesJudgedWith } from "../db/series-tables.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { Instant } from "../domain/instant.ts";
import type { Db } from "./db.ts";

/** As at when a series was judged last, and on what; undefined where it never was. */
export async function findSeriesJudged(
  db: Db,
  siteId: number,
  signal: string,
): Promise<{ readonly at: Instant; readonly with: SeriesJudgedWith } | undefined> {
  const row = await db
    .selectFrom("series_judged")
    .select(["judged_at", "judged_with"])
    .where("site_id", "=", siteId)
    .where("signal", "=", signal)
    .executeTakeFirst();
  return row && { at: row.judged_at, with: row.judged_with };
}

export async function writeSeriesJudged(db: Db, siteId: number, signal: string, at: Instant, judgedWith: SeriesJudgedWith): Promise<void> {
  await sql`insert into series_judged (site_id, signal, judged_at, judged_with)
    values (${siteId}, ${signal}, ${toTimestamp(at)}::timestamptz, ${JSON.stringify(judgedWith)}::jsonb)
    on conflict (site_id, signal) do update set judged_at = excluded.judged_at, judged_with = excluded.judged_with`.execute(db);
}

/** A series that does not run any more is forgotten whole: should it run again, it is judged from the start. */
export async function forgetOtherSeries(db: Db, siteId: number, running: readonly string[]): Promise<void> {
  for (const table of ["series_judged", "series_period", "alarm"] as const)
    await sql`delete from ${sql.table(table)} where site_id = ${siteId} and signal <> all(${[...running]}::text[])`.execute(db);
}
