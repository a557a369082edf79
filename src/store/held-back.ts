import { sql, type Kysely, type RawBuilder } from "kysely";
import type { Database } from "../db/schema.ts";
import type { Verdict } from "../domain/verdict.ts";
import { teamsOf, unassignedTeam, type Viewer } from "../domain/viewer.ts";
import { askFor, type Asked, type FindingFilter } from "./finding-filter.ts";
import { allTeams } from "./loop-count.ts";
import { allOf, isInScope, isOneOf, teamOfLoop, type Condition } from "./visible-loops.ts";

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
}

/** How many findings `filter` asks for over all pages, and how many are held back of it. */
export async function countFindings(db: Kysely<Database>, viewer: Viewer, filter: FindingFilter): Promise<FindingCounts> {
  const asked = await askFor(db, filter);
  const rows = asked.isOfKinds ? await readCounts(db, viewer, asked) : await countLoops(db, viewer, asked, sql<boolean>`true`);
  const counts = { byVerdict: {} as Partial<Record<Verdict, number>>, unassigned: 0, restricted: 0, testPatients: 0 };
  for (const { verdict, restricted, test, unassigned, count } of rows) {
    if (test && asked.leavesOutTests) counts.testPatients += count;
    else if (restricted && !viewer.mayReadRestricted) counts.restricted += count;
    else {
      counts.byVerdict[verdict] = (counts.byVerdict[verdict] ?? 0) + count;
      if (unassigned) counts.unassigned += count;
    }
  }
  counts.byVerdict = Object.fromEntries(Object.entries(counts.byVerdict).filter(([, count]) => count > 0));
  return counts;
}

/** From what is kept of each kind. Test patients that only the configuration knows are moved to where they belong: they are few. */
async function readCounts(db: Kysely<Database>, viewer: Viewer, asked: Asked): Promise<CountRow[]> {
  const { rows } = await selectCounts(viewer, asked).execute(db);
  if (asked.tests.length === 0 || !asked.leavesOutTests) return rows;
  const listed = await countLoops(db, viewer, asked, sql<boolean>`loop.patient_key = any(${[...asked.tests]}::bigint[]) and not loop.test`);
  return [...rows, ...listed, ...listed.map((row) => ({ ...row, test: false, count: -row.count }))];
}

/** By an index of the teams: of the kinds of all others none is read. */
export function selectCounts(viewer: Viewer, asked: Asked): RawBuilder<CountRow> {
  const isByTeam = asked.teams !== undefined || teamsOf(viewer) !== "all";
  return sql<CountRow>`
    select loop.verdict, loop.restricted, loop.test, loop.unassigned, sum(loop.count)::integer as count from loop_count as loop
    where ${isByTeam ? sql`loop.team <> ${allTeams}` : isOneOf(teamOfLoop, [allTeams])} and ${allOf([isInScope(viewer), asked.ofKinds])}
    group by loop.verdict, loop.restricted, loop.test, loop.unassigned`;
}

async function countLoops(db: Kysely<Database>, viewer: Viewer, asked: Asked, which: Condition): Promise<CountRow[]> {
  const { rows } = await sql<CountRow>`
    select loop.verdict, loop.restricted, ${asked.isTest} as test, ${teamOfLoop} = ${unassignedTeam} as unassigned, count(*)::integer as count
    from loop where ${allOf([isInScope(viewer), asked.condition, which])} group by 1, 2, 3, 4`.execute(db);
  return rows;
}
