import { sql, type Selectable } from "kysely";
import { insertRows } from "../db/bulk-write.ts";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import { alarmId } from "../domain/alarm-id.ts";
import { statedOf, type FeedStatement } from "../domain/feed-statement.ts";
import type { Instant } from "../domain/instant.ts";
import { covers } from "../domain/interval.ts";
import type { JudgedPeriod, RuleName } from "../domain/series.ts";
import type { Limits } from "../domain/spc.ts";
import type { Db } from "./db.ts";
import { listFeedStatements } from "./feed-statement.ts";

/** A period of a series that breaks a rule: of a feed, or of the whole site. Of no patient. */
export interface Alarm {
  readonly id: string;
  readonly site: string;
  readonly signal: string;
  /** Absent where it is of the whole site. */
  readonly feed?: { readonly source: string; readonly type: string };
  readonly from: Instant;
  readonly to: Instant;
  readonly value: number;
  readonly limits?: Limits;
  readonly breaks: readonly RuleName[];
  /** Its value is days between rare events. */
  readonly daysBetween?: true;
  /** What somebody said who accepted that nothing came then. */
  readonly accepted?: Pick<FeedStatement, "reason" | "actor">;
}

export interface AlarmFilter {
  /** By name; absent: all. */
  readonly sites?: readonly string[];
  readonly signal?: string;
  /** The last alarm of the page before. */
  readonly after?: { readonly from: Instant; readonly id: string };
}

/** The latest first, at most `limit`. */
export async function listAlarms(db: Db, { sites, signal, after }: AlarmFilter, limit: number): Promise<Alarm[]> {
  let query = db
    .selectFrom("alarm")
    .innerJoin("site", "site.site_id", "alarm.site_id")
    .selectAll("alarm")
    .select("site.name")
    .orderBy("from_at", "desc")
    .orderBy("alarm_id")
    .limit(limit);
  if (sites) query = query.where("site.name", "in", sites.length === 0 ? [""] : sites);
  if (signal !== undefined) query = query.where("signal", "=", signal);
  if (after)
    query = query.where(
      sql<boolean>`(from_at < ${toTimestamp(after.from)}::timestamptz or (from_at = ${toTimestamp(after.from)}::timestamptz and alarm_id > ${after.id}::uuid))`,
    );
  const rows = await query.execute();
  const statements = new Map<number, readonly FeedStatement[]>();
  for (const siteId of new Set(rows.map((row) => row.site_id))) statements.set(siteId, await listFeedStatements(db, siteId));
  return rows.map((row) => ({
    id: row.alarm_id,
    site: row.name,
    signal: row.signal,
    ...(row.type !== "" && { feed: { source: row.source, type: row.type } }),
    from: row.from_at,
    to: row.to_at,
    value: row.value,
    ...(row.centre !== null &&
      row.lower !== null &&
      row.upper !== null && { limits: { centre: row.centre, lower: row.lower, upper: row.upper } }),
    breaks: row.breaks,
    ...(row.days_between && { daysBetween: true as const }),
    ...acceptanceOf(row, statements.get(row.site_id) ?? []),
  }));
}

/** Of too few alone: a surge is none that anybody expected. */
function acceptanceOf(row: Selectable<Database["alarm"]>, statements: readonly FeedStatement[]): Pick<Alarm, "accepted"> {
  const { source, type, from_at: from, to_at: to, breaks } = row;
  if (!breaks.includes("silent") && !breaks.includes("below")) return {};
  if (!covers(statedOf(statements, "silence-accepted", source, type), { from, to })) return {};
  const said = statements.findLast((each) => each.says === "silence-accepted" && each.from < to && from < each.to);
  return said ? { accepted: { reason: said.reason, actor: said.actor } } : {};
}

/** How many alarms a site has, by signal. */
export async function countAlarms(db: Db, siteId: number): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom("alarm")
    .select(["signal", sql<number>`count(*)::integer`.as("count")])
    .where("site_id", "=", siteId)
    .groupBy("signal")
    .execute();
  return new Map(rows.map(({ signal, count }) => [signal, count]));
}

/** Which series of a site is written. */
export interface WrittenSeriesOf {
  readonly siteId: number;
  readonly site: string;
  readonly signal: string;
  /** Empty where it is of the whole site. */
  readonly source: string;
  readonly type: string;
}

/** Replaces the alarms of these periods, given by their beginnings: a period that breaks nothing any more has none. */
export async function replaceAlarms(
  db: Db,
  { siteId, site, signal, source, type }: WrittenSeriesOf,
  starts: readonly Instant[],
  judged: readonly JudgedPeriod[],
): Promise<void> {
  await sql`delete from alarm where site_id = ${siteId} and signal = ${signal} and source = ${source} and type = ${type}
    and from_at = any(${starts.map(toTimestamp)}::timestamptz[])`.execute(db);
  await insertAlarms(db, { siteId, site, signal, source, type }, judged);
}

/** Replaces every alarm of a series. */
export async function replaceAllAlarms(db: Db, series: WrittenSeriesOf, judged: readonly JudgedPeriod[]): Promise<void> {
  const { siteId, signal, source, type } = series;
  await sql`delete from alarm where site_id = ${siteId} and signal = ${signal} and source = ${source} and type = ${type}`.execute(db);
  await insertAlarms(db, series, judged);
}

async function insertAlarms(
  db: Db,
  { siteId, site, signal, source, type }: WrittenSeriesOf,
  judged: readonly JudgedPeriod[],
): Promise<void> {
  const rows = judged
    .filter(({ breaks }) => breaks.length > 0)
    .map(({ from, to, value, limits, breaks, daysBetween = false }) => ({
      site_id: siteId,
      alarm_id: alarmId({ site, signal, source, type, from }),
      signal,
      source,
      type,
      from_at: from,
      to_at: to,
      breaks: [...breaks],
      value,
      ...limits,
      days_between: daysBetween,
    }));
  await insertRows(db, "alarm", columns, rows);
}

/** Drops what is too old to be judged, or all of a series. */
export async function dropAlarms(db: Db, siteId: number, signal: string, before: Instant): Promise<void> {
  await sql`delete from alarm where site_id = ${siteId} and signal = ${signal} and from_at < ${toTimestamp(before)}::timestamptz`.execute(
    db,
  );
}

const columns = {
  site_id: "integer",
  alarm_id: "uuid",
  signal: "text",
  source: "text",
  type: "text",
  from_at: "timestamptz",
  to_at: "timestamptz",
  breaks: "text[]",
  value: "double precision",
  centre: "double precision",
  lower: "double precision",
  upper: "double precision",
  days_between: "boolean",
} as const;
