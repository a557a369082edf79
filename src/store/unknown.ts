import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import type { Gap } from "../domain/loop.ts";
import { groupUnknowns, type UnknownLine } from "../domain/unknown.ts";
import type { Reason } from "../domain/verdict.ts";
import type { Viewer } from "../domain/viewer.ts";
import { askFor, type FindingFilter } from "./finding-filter.ts";
import { readStandings } from "./standing.ts";
import { allOf, judgedLoops, mayBeSeen } from "./visible-loops.ts";

interface UnknownRow {
  readonly site: string;
  readonly signal: string;
  readonly reason: Reason;
  readonly gaps: readonly Gap[];
  readonly count: number;
  readonly reviewed: string[] | null;
}

/** What nobody can judge, one line a cause, the commonest first. */
export async function listUnknowns(db: Kysely<Database>, viewer: Viewer, filter: Omit<FindingFilter, "verdicts">): Promise<UnknownLine[]> {
  const asked = await askFor(db, { ...filter, verdicts: ["unknown"] });
  const conditions = [mayBeSeen(viewer), asked.condition, ...(asked.leavesOutTests ? [sql<boolean>`not ${asked.isTest}`] : [])];
  const { rows } = await sql<UnknownRow>`
    with asked as (
      select site.name as site, loop.signal, loop.reason, loop.gaps, loop.loop_id, exists (select from review where review.loop_id = loop.loop_id) as is_reviewed
      from ${judgedLoops} where ${allOf(conditions)})
    select site, signal, reason, gaps, count(*)::integer as count, array_agg(loop_id) filter (where is_reviewed) as reviewed
    from asked group by site, signal, reason, gaps order by site, signal, reason, gaps`.execute(db);
  const reviewed = rows.flatMap((row) => row.reviewed ?? []);
  const standings = await readStandings(
    db,
    reviewed.map((loop_id) => ({ loop_id, verdict: "unknown" as const })),
  );
  const counted = rows.map(({ reviewed: ids, ...row }) => ({ ...row, count: count(row.count, ids ?? []) })).filter((row) => row.count > 0);
  return groupUnknowns(counted).sort((a, b) => b.count - a.count);

  function count(all: number, ids: readonly string[]): number {
    const unreviewed = asked.statuses.includes("open") ? all - ids.length : 0;
    return unreviewed + ids.filter((id) => asked.statuses.includes(standings.get(id)?.status ?? "open")).length;
  }
}
