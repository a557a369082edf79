import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import { withTransaction } from "../db/transaction.ts";
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

/**
 * Begins a run. One that was running before has died with its process: nobody else holds the site's lock. Whoever remembers what the site's
 * records say sees that it is running and that it was begun at once, and remembers nothing of what it changes (`quiet-sites.ts`).
 */
export async function startRun(db: Kysely<Database>, run: { id: string; siteId: number; kind: string; startedAt: Instant }): Promise<void> {
  await withTransaction(db, (transaction) => begin(transaction, run));
}

async function begin(db: Kysely<Database>, run: { id: string; siteId: number; kind: string; startedAt: Instant }): Promise<void> {
  await db.updateTable("run").set({ state: "interrupted" }).where("site_id", "=", run.siteId).where("state", "=", "running").execute();
  await sql`update site set runs = runs + 1 where site_id = ${run.siteId}`.execute(db);
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

export interface LatestRuns {
  /** The last that ended, of the kinds asked for. */
  readonly judged?: { readonly isWhole: boolean; readonly summary: ScanSummary | null };
  /** When the latest run began since that failed or died, and one that has not ended. */
  readonly failedAt?: Instant;
  readonly runningSince?: Instant;
}

/** By site; one that was never run is absent. */
export async function listLatestRuns(
  db: Kysely<Database>,
  siteIds: readonly number[],
  kinds: readonly string[],
): Promise<Map<number, LatestRuns>> {
  interface Row {
    readonly site_id: number;
    readonly state: "complete" | "incomplete" | null;
    readonly summary: ScanSummary | null;
    readonly failed_at: Instant | null;
    readonly running_since: Instant | null;
  }
  const latest = (states: readonly string[]) => sql`(select max(run.started_at) from run where run.site_id = asked.site_id
    and run.state = any(${[...states]}::text[]) and run.started_at > coalesce(judged.started_at, '-infinity'))`;
  const { rows } = await sql<Row>`
    select asked.site_id, judged.state, judged.summary, ${latest(["failed", "interrupted"])} as failed_at, ${latest(["running"])} as running_since
    from unnest(${[...siteIds]}::integer[]) as asked (site_id) left join lateral (
      select run.state, run.summary, run.started_at from run where run.site_id = asked.site_id and run.kind = any(${[...kinds]}::text[])
        and run.state in ('complete', 'incomplete') order by run.started_at desc limit 1) as judged on true`.execute(db);
  return new Map(
    rows.map(({ site_id, state, summary, failed_at, running_since }) => [
      site_id,
      {
        ...(state !== null && { judged: { isWhole: state === "complete", summary } }),
        ...(failed_at !== null && { failedAt: failed_at }),
        ...(running_since !== null && { runningSince: running_since }),
      },
    ]),
  );
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
