import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import type { FeedCount } from "../domain/scan-summary.ts";

export interface RunFeedName {
  readonly runId: string;
  readonly source: string;
  readonly type: string;
}

/** Adds to what a run counted of a feed. */
export async function addRunCount(db: Kysely<Database>, { runId, source, type }: RunFeedName, count: FeedCount): Promise<void> {
  const { expected, given, counted, uncounted } = count;
  await sql`insert into run_count as held (run_id, source, type, expected, given, counted, uncounted)
    values (${runId}, ${source}, ${type}, ${expected}, ${given}, ${counted}, ${uncounted})
    on conflict (run_id, source, type) do update set expected = held.expected + excluded.expected,
      given = held.given + excluded.given, counted = held.counted + excluded.counted,
      uncounted = held.uncounted + excluded.uncounted`.execute(db);
}

export async function listRunCounts(db: Kysely<Database>, runId: string): Promise<(FeedCount & Omit<RunFeedName, "runId">)[]> {
  const { rows } = await sql<
    FeedCount & Omit<RunFeedName, "runId">
  >`select source, type, expected::integer, given::integer, counted, uncounted
    from run_count where run_id = ${runId}`.execute(db);
  return rows;
}
