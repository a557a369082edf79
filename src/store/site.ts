import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { Instant } from "../domain/instant.ts";

export interface Site {
  readonly siteId: number;
  readonly name: string;
  /** `--since`, written once. */
  readonly watchSince: Instant | undefined;
  /** The latest time that its records carry. */
  readonly latestAt: Instant | undefined;
  /** `now` of the last detection. */
  readonly judgedAt: Instant | undefined;
  /** What lies before it may be gone for good. */
  readonly retainedFrom: Instant | undefined;
}

export async function findSite(db: Kysely<Database>, name: string): Promise<Site | undefined> {
  return (await listSites(db)).find((site) => site.name === name);
}

export async function listSites(db: Kysely<Database>): Promise<Site[]> {
  const rows = await db
    .selectFrom("site")
    .select(["site_id", "name", "watch_since", "latest_at", "judged_at", "retained_from"])
    .orderBy("name")
    .execute();
  return rows.map((row) => ({
    siteId: row.site_id,
    name: row.name,
    watchSince: row.watch_since ?? undefined,
    latestAt: row.latest_at ?? undefined,
    judgedAt: row.judged_at ?? undefined,
    retainedFrom: row.retained_from ?? undefined,
  }));
}

/** The site of that name, made if there is none. */
export async function getSite(db: Kysely<Database>, name: string): Promise<Site> {
  for (;;) {
    const known = await findSite(db, name);
    if (known) return known;
    // Two processes may choose one number: the loser looks again.
    await sql`insert into site (site_id, name) select coalesce(max(site_id), 0) + 1, ${name}::text from site on conflict do nothing`.execute(
      db,
    );
  }
}

/** Writes `--since` where none is written yet. */
export async function writeWatchSince(db: Kysely<Database>, siteId: number, since: Instant): Promise<void> {
  await db
    .updateTable("site")
    .set({ watch_since: toTimestamp(since) })
    .where("site_id", "=", siteId)
    .where("watch_since", "is", null)
    .execute();
}

/** It never moves back: what has gone is gone. */
export async function writeRetainedFrom(db: Kysely<Database>, siteId: number, from: Instant): Promise<void> {
  await sql`update site set retained_from = greatest(retained_from, ${toTimestamp(from)}::timestamptz) where site_id = ${siteId}`.execute(
    db,
  );
}

/** Up to where a site that was never judged will look back. */
export async function writePulledLine(db: Kysely<Database>, siteId: number, line: Instant): Promise<void> {
  await db
    .updateTable("site")
    .set({ pulled_line: toTimestamp(line) })
    .where("site_id", "=", siteId)
    .execute();
}

export async function writeLatest(db: Kysely<Database>, siteId: number, latest: Instant): Promise<void> {
  await sql`update site set latest_at = greatest(latest_at, ${toTimestamp(latest)}::timestamptz) where site_id = ${siteId}`.execute(db);
}
