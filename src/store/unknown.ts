import { sql, type Kysely } from "kysely";
import { LRUCache } from "lru-cache";
import type { Database } from "../db/schema.ts";
import type { Gap } from "../domain/loop.ts";
import { groupUnknowns, type UnknownLine } from "../domain/unknown.ts";
import type { Reason } from "../domain/verdict.ts";
import type { Viewer } from "../domain/viewer.ts";
import { askFor, type Asked, type FindingFilter } from "./finding-filter.ts";
import { countFindings } from "./held-back.ts";
import { everySite, noneQuiet, type QuietSites } from "./quiet-sites.ts";
import { allOf, mayBeSeen } from "./visible-loops.ts";

interface UnknownRow {
  readonly site: string;
  readonly signal: string;
  readonly reason: Reason;
  readonly gaps: readonly Gap[];
  readonly count: number;
}

interface Remembered {
  readonly state: string;
  readonly lines: UnknownLine[];
}

/** What was last said to each question. Ten thousand findings make a few lines, which change when a scan or a reviewer has changed them. */
const remembered = new WeakMap<Kysely<Database>, LRUCache<string, Remembered>>();
const mostQuestions = 200;

/** What nobody can judge, one line a cause, the commonest first. */
export async function listUnknowns(
  db: Kysely<Database>,
  viewer: Viewer,
  filter: Omit<FindingFilter, "verdicts">,
  quiet: QuietSites = noneQuiet,
): Promise<UnknownLine[]> {
  const unknown: FindingFilter = { ...filter, verdicts: ["unknown"] };
  const asked = await askFor(db, unknown);
  if (!asked.isOfKinds || db.isTransaction) return readLines(db, viewer, asked);
  const question = JSON.stringify([viewer, unknown]);
  const state = JSON.stringify([await countFindings(db, viewer, unknown), quiet.get(everySite) ?? (await readScansSoFar(db))]);
  const answers = remembered.get(db) ?? new LRUCache<string, Remembered>({ max: mostQuestions });
  remembered.set(db, answers);
  const before = answers.get(question);
  if (before?.state === state) return before.lines;
  const lines = await readLines(db, viewer, asked);
  answers.set(question, { state, lines });
  return lines;
}

/** Changes whenever a scan begins or ends. */
async function readScansSoFar(db: Kysely<Database>): Promise<unknown> {
  const { rows } = await sql`
    select site.site_id, site.judged_at, latest.run_id, latest.state from site left join lateral (
      select run_id, state from run where run.site_id = site.site_id order by started_at desc limit 1) as latest on true order by site.site_id`.execute(
    db,
  );
  return rows;
}

async function readLines(db: Kysely<Database>, viewer: Viewer, asked: Asked): Promise<UnknownLine[]> {
  const conditions = [mayBeSeen(viewer), asked.condition, ...(asked.leavesOutTests ? [sql<boolean>`not ${asked.isTest}`] : [])];
  const { rows } = await sql<UnknownRow>`
    select site.name as site, loop.signal, loop.reason, loop.gaps, count(*)::integer as count
    from loop join site on site.site_id = loop.site_id where ${allOf(conditions)}
    group by site.name, loop.signal, loop.reason, loop.gaps order by site.name, loop.signal, loop.reason, loop.gaps`.execute(db);
  return groupUnknowns(rows).sort((a, b) => b.count - a.count);
}
