import { sql } from "kysely";
import { toTimestamp } from "../db/timestamp.ts";
import type { CareEvent } from "../domain/care-event.ts";
import type { Instant } from "../domain/instant.ts";
import { measurable } from "../domain/series.ts";
import type { Db } from "./db.ts";

const hourMs = 3_600_000;

/** Takes down in which hours events that a series may measure came or went: their periods are measured anew. */
export async function noteChangedHours(db: Db, siteId: number, events: readonly Pick<CareEvent, "activity" | "at">[]): Promise<void> {
  const measured = events.filter(({ activity }) => measurable.some((each) => each === activity));
  const hours = new Set(measured.map(({ at }) => Math.floor(at / hourMs) * hourMs));
  if (hours.size === 0) return;
  await sql`insert into changed_hour (site_id, hour_at)
    select ${siteId}::integer, hour from unnest(${[...hours].map(toTimestamp)}::timestamptz[]) as given (hour)
    on conflict do nothing`.execute(db);
}

/** In order of time. */
export async function listHoursToMeasure(db: Db, siteId: number): Promise<Instant[]> {
  const rows = await db.selectFrom("changed_hour").select("hour_at").where("site_id", "=", siteId).orderBy("hour_at").execute();
  return rows.map(({ hour_at }) => hour_at);
}

export async function clearHoursToMeasure(db: Db, siteId: number): Promise<void> {
  await db.deleteFrom("changed_hour").where("site_id", "=", siteId).execute();
}
