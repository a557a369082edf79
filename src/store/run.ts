import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { Instant } from "../domain/instant.ts";
import type { RunFeed, ScanSummary } from "../domain/scan-summary.ts";

export interface Run {
  readonly id: string;
  readonly siteId: number;
  readonly kind: string;
  readonly now: Instant | undefined;
  readonly startedAt: Instant;
  readonly finishedAt: Instant | undefined;
  readonly state: "running" | "complete" | "incomplete" | "failed" | "interrupted";
}

/** Begins a run. One that was running before has died with its process: nobody else holds the site's lock. */
export async function startRun(db: Kysely<Database>, run: { id: string; siteId: number; kind: string; startedAt: Instant }): Promise<void> {
  await db.updateTable("run").set({ state: "interrupted" }).where("site_id", "=", run.siteId).where("state", "=", "running").execute();
  await db
    .insertInto("run")
    .values({
      run_id: run.id,
      site_id: run.siteId,
      kind: run.kind,
      started_at: toTimestamp(run.startedAt),
      state: "running",
      summary: "null",
    })
    .execute();
}

export async function finishRun(
  db: Kysely<Database>,
  id: string,
  end: { now: Instant | undefined; finishedAt: Instant; state: Run["state"]; summary: unknown },
): Promise<void> {
  await db
    .updateTable("run")
    .set({
      now_at: end.now === undefined ? null : toTimestamp(end.now),
      finished_at: toTimestamp(end.finishedAt),
      state: end.state,
      summary: JSON.stringify(end.summary ?? null),
    })
    .where("run_id", "=", id)
    .execute();
}

/** The latest first; without their summaries, which may be large. */
export async function listRuns(db: Kysely<Database>, siteId: number, limit: number): Promise<Run[]> {
  const rows = await db
    .selectFrom("run")
    .select(["run_id", "site_id", "kind", "now_at", "started_at", "finished_at", "state"])
    .where("site_id", "=", siteId)
    .orderBy("started_at", "desc")
    .limit(limit)
    .execute();
  return rows.map(asRun);
}

/** A row of the table, but for its summary. */
export interface RunRow {
  readonly run_id: string;
  readonly site_id: number;
  readonly kind: string;
  readonly now_at: Instant | null;
  readonly started_at: Instant;
  readonly finished_at: Instant | null;
  readonly state: Run["state"];
}

export function asRun(row: RunRow): Run {
  return {
    id: row.run_id,
    siteId: row.site_id,
    kind: row.kind,
    now: row.now_at ?? undefined,
    startedAt: row.started_at,
    finishedAt: row.finished_at ?? undefined,
    state: row.state,
  };
}

/** What a run read, decided and could not see; null of one that did not end, or is not there. */
export async function readSummary(db: Kysely<Database>, id: string): Promise<ScanSummary | null> {
  const row = await db.selectFrom("run").select("summary").where("run_id", "=", id).executeTakeFirst();
  return (row?.summary ?? null) as ScanSummary | null;
}

export async function listRunFeeds(db: Kysely<Database>, runId: string): Promise<RunFeed[]> {
  const rows =
    await sql<RunFeed>`select source, type, read::integer, stored::integer, duplicate::integer, quarantined::integer, expired::integer, skipped::integer
    from run_feed where run_id = ${runId} order by source, type`.execute(db);
  return rows.rows;
}

/** When the latest run began that was given something of each feed. */
export async function listLastReads(db: Kysely<Database>, siteId: number): Promise<{ source: string; type: string; at: Instant }[]> {
  const { rows } = await sql<{ source: string; type: string; at: Instant }>`
    select run_feed.source, run_feed.type, max(run.started_at) as at from run_feed join run on run.run_id = run_feed.run_id
    where run.site_id = ${siteId} group by run_feed.source, run_feed.type`.execute(db);
  return rows;
}
