import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import type { Verdict } from "../domain/verdict.ts";
import { unassignedTeam, type Viewer } from "../domain/viewer.ts";
import { askFor, type FindingFilter } from "./finding-filter.ts";
import { readStandings } from "./standing.ts";
import { allOf, isInScope, isLabelled, judgedLoops, teamOfLoop } from "./visible-loops.ts";

/** How many findings are shown, and how many are not and why. */
export interface FindingCounts {
  readonly byVerdict: Partial<Readonly<Record<Verdict, number>>>;
  /** Of those shown: nobody's yet, so every team's. */
  readonly unassigned: number;
  readonly restricted: number;
  readonly testPatients: number;
}

interface CountRow {
  readonly verdict: Verdict;
  readonly restricted: boolean;
  readonly test: boolean;
  readonly unassigned: boolean;
  readonly count: number;
  /** Reviewed ones among them: only of these the status may be another than the verdict alone gives. */
  readonly reviewed: string[] | null;
}

/** Counts what `filter` asks for over all pages, and what is held back of it. */
export async function countFindings(db: Kysely<Database>, viewer: Viewer, filter: FindingFilter): Promise<FindingCounts> {
  const asked = await askFor(db, filter);
  const { rows } = await sql<CountRow>`
    with asked as (
      select loop.loop_id, loop.verdict, ${isLabelled("restricted")} as restricted, ${asked.isTest} as test,
        ${teamOfLoop} = ${unassignedTeam} as unassigned, exists (select from review where review.loop_id = loop.loop_id) as is_reviewed
      from ${judgedLoops} where ${allOf([isInScope(viewer), asked.condition])})
    select verdict, restricted, test, unassigned, count(*)::integer as count, array_agg(loop_id) filter (where is_reviewed) as reviewed
    from asked group by verdict, restricted, test, unassigned`.execute(db);
  const reviewed = rows.flatMap(({ verdict, reviewed: ids }) => (ids ?? []).map((loop_id) => ({ loop_id, verdict })));
  const standings = await readStandings(db, reviewed);
  const counts = { byVerdict: {} as Partial<Record<Verdict, number>>, unassigned: 0, restricted: 0, testPatients: 0 };
  for (const row of rows) {
    const count = countOfStatus(row);
    if (row.test && asked.leavesOutTests) counts.testPatients += count;
    else if (row.restricted && !viewer.mayReadRestricted) counts.restricted += count;
    else {
      counts.byVerdict[row.verdict] = (counts.byVerdict[row.verdict] ?? 0) + count;
      if (row.unassigned) counts.unassigned += count;
    }
  }
  return counts;

  function countOfStatus(row: CountRow): number {
    const ids = row.reviewed ?? [];
    const unreviewed = asked.statuses.includes(row.verdict === "met" || row.verdict === "cancelled" ? "resolved" : "open");
    return (
      (unreviewed ? row.count - ids.length : 0) + ids.filter((id) => asked.statuses.includes(standings.get(id)?.status ?? "open")).length
    );
  }
}
