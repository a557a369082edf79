import { sql } from "kysely";
import type { Connection } from "../../src/db/connect.ts";
import { toTimestamp } from "../../src/db/timestamp.ts";
import { enabledSeries } from "../../src/insight/enabled-signals.ts";
import { addCoverage } from "../../src/store/coverage.ts";
import { getSite } from "../../src/store/site.ts";
import { hospitalNow, scanInto } from "./scanned-hospital.ts";

const hourMs = 3_600_000;
const weeks = 10;

export const alarmedSite = "harbour";
/** In the last week of the feed: three silent hours, one of three times as many, and a day that was not read. */
export const silentFrom = Date.parse("2026-03-11T10:00:00Z");
const surgeAt = Date.parse("2026-03-12T14:00:00Z");
const unread = { from: Date.parse("2026-03-13T00:00:00Z"), to: Date.parse("2026-03-14T00:00:00Z") };

/** A site of one feed of ten weeks, busy by day, as a pull counts it; judged by the series that are on by default. */
export async function scanAlarmedFeed(connection: Connection): Promise<void> {
  // Its first scan counts anew what is held; what is put in here is as if pulled after it.
  await scanInto(connection, alarmedSite);
  const { siteId } = await getSite(connection.db, alarmedSite);
  const from = hospitalNow - weeks * 168 * hourMs;
  const hours = Array.from({ length: weeks * 168 }, (_, index) => from + index * hourMs).filter((hour) => countAt(hour) > 0);
  const intervals = [
    { from, to: unread.from },
    { from: unread.to, to: hospitalNow },
  ];
  await addCoverage(connection.db, siteId, "epr", [{ type: "AuditEvent", how: "searched", intervals }]);
  await sql`insert into feed_hour (site_id, source, type, hour_at, understood, unreadable)
    select ${siteId}::integer, 'epr', 'AuditEvent', given.at, given.understood, 0
    from unnest(${hours.map(toTimestamp)}::timestamptz[], ${hours.map(countAt)}::integer[]) as given (at, understood)`.execute(
    connection.db,
  );
  await scanInto(connection, alarmedSite, { series: enabledSeries({ timeZone: "Europe/London", signals: {} }) });
}

function countAt(at: number): number {
  if ((at >= silentFrom && at < silentFrom + 3 * hourMs) || (at >= unread.from && at < unread.to)) return 0;
  const hour = new Date(at).getUTCHours();
  const usual = hour >= 8 && hour < 18 ? 200 - 6 * Math.abs(hour - 12) : 12;
  return (at === surgeAt ? 3 : 1) * (usual + (Math.floor(at / hourMs) % 7));
}
