import { sql, type Kysely, type RawBuilder } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { Key } from "../domain/facts.ts";
import type { Instant } from "../domain/instant.ts";
import type { Gap, Loop } from "../domain/loop.ts";
import type { Signal } from "../domain/signal.ts";
import type { Status } from "../domain/status.ts";
import type { Priority, Reason, Urgency, Verdict } from "../domain/verdict.ts";
import type { Viewer } from "../domain/viewer.ts";
import type { Asked } from "./finding-filter.ts";
import { everySite, noneQuiet, type QuietSites } from "./quiet-sites.ts";
import { recall } from "./recall.ts";
import type { SealedEvidence } from "./sealed-evidence.ts";
import type { Reviewed } from "./standing.ts";
import { allOf, mayBeSeen, teamOfLoop, type Condition } from "./visible-loops.ts";

/** A loop as findings are made from it. */
export interface LoopRow {
  readonly patient_key: bigint;
  readonly loop_id: string;
  readonly site_id: number;
  readonly site: string;
  readonly judged_at: Instant | null;
  readonly signal: string;
  readonly signal_version: number;
  readonly edition: string;
  readonly definition: Signal;
  readonly subject: Key;
  readonly subject_key: bigint;
  readonly opening_event: bigint;
  readonly opened_at: Instant;
  readonly due_at: Instant;
  readonly met_at: Instant | null;
  readonly verdict: Verdict;
  readonly reason: Reason | null;
  readonly urgency: Urgency | null;
  readonly priority: Priority | null;
  readonly team: string;
  readonly title: string | null;
  readonly limit_duration: string | null;
  readonly limit_basis: string | null;
  readonly gaps: readonly Gap[];
  readonly cancelling_gaps: readonly Gap[];
  readonly explanation: Loop["explanation"];
  /** Of a sequence that crosses patients: by whose acts it was found. */
  readonly by_person_key: bigint | null;
  readonly rank: number;
  /** Past the retention line: what it rested on, as it was when it was last judged. */
  readonly sealed: SealedEvidence | null;
}

/** What one page ends with: the next begins after it. */
export interface Cursor {
  readonly rank: number;
  readonly dueAt: Instant;
  readonly id: string;
}

export interface Page {
  readonly limit: number;
  readonly after?: Cursor;
  /** By due time, or what cannot wait first: missed before late before unknown, then by urgency, then by due time. */
  readonly order?: "due" | "urgency";
  /** Of each row it is told whether this asks for it too. */
  readonly mark?: Asked;
}

export type FindingRow = LoopRow & {
  readonly standing: Reviewed;
  /** Still somebody's work. */
  readonly isCurrent: boolean;
  readonly isMarked: boolean;
};

/** What reviews change of a loop, and who reads it asks anew. */
interface StandingRow {
  readonly loop_id: string;
  readonly site: string;
  readonly rank: number;
  readonly status: Status;
  readonly status_reason: string | null;
  readonly reviews: number;
  readonly is_current: boolean;
  readonly is_marked: boolean;
}

/** A loop without what its version of a signal says, and without where it stands. */
type HeldLoop = Omit<LoopRow, "definition" | "rank">;

/** What the table holds of it. */
interface HeldRow {
  readonly loop: HeldLoop;
  readonly stands: StandingRow;
}

/** A page of what is asked for and may be seen, and where the next begins. While all is quiet, only what reviews change is read of loops that are known. */
export async function readFindingRows(
  db: Kysely<Database>,
  viewer: Viewer,
  asked: Asked,
  page: Page,
  quiet: QuietSites = noneQuiet,
): Promise<{ rows: FindingRow[]; next: Cursor | undefined }> {
  // One more than the page holds: only then is there a next one.
  const cut = cutPage(viewer, asked, { ...page, limit: page.limit + 1 });
  const held = quiet.has(everySite) ? await readStandings(db, cut, quiet) : await readWhole(db, cut);
  const shown = held.slice(0, page.limit);
  const definitions = await readDefinitions(
    db,
    shown.map(({ loop }) => loop),
    quiet,
  );
  const rows = shown.map(({ loop, stands }, place): FindingRow => {
    const definition = definitions[place];
    if (!definition) throw new Error(`version ${String(loop.signal_version)} of ${loop.signal} is not held`);
    const { status, status_reason, reviews, is_current, is_marked } = stands;
    const standing = { status, reviews, ...(status_reason !== null && { reason: status_reason }) };
    return { ...loop, rank: page.order === "urgency" ? stands.rank : 0, definition, standing, isCurrent: is_current, isMarked: is_marked };
  });
  return { rows, next: held.length > page.limit ? cursorOf(rows.at(-1)) : undefined };
}

export function cursorOf(row: LoopRow | undefined): Cursor | undefined {
  return row && { rank: row.rank, dueAt: row.due_at, id: row.loop_id };
}

/** Which rows of `loop`, in which order, and of each whether it is asked for by something else too. */
interface Cut {
  readonly rows: RawBuilder<unknown>;
  readonly order: RawBuilder<unknown>;
  readonly isMarked: Condition;
}

/** From `loop` alone, in the order of an index; what else is shown is joined to so many rows and no more. */
function cutPage(viewer: Viewer, asked: Asked, { limit, after, order, mark }: Page): Cut {
  const isByRank = order === "urgency";
  const place = isByRank ? sql`loop.rank, loop.due_at, loop.loop_id` : sql`loop.due_at, loop.loop_id`;
  const conditions: Condition[] = [
    mayBeSeen(viewer),
    ...conditionsOf(asked),
    ...(isByRank && asked.ranks ? [sql<boolean>`loop.rank between ${asked.ranks.least} and ${asked.ranks.greatest}`] : []),
    ...(after ? [isByRank ? isAfterByRank(after) : isAfterByDue(after)] : []),
  ];
  return {
    rows: sql`from loop where ${allOf(conditions)} order by ${place} limit ${limit}`,
    order: place,
    isMarked: mark ? allOf(conditionsOf(mark)) : sql<boolean>`false`,
  };
}

function conditionsOf({ condition, leavesOutTests, isTest }: Asked): Condition[] {
  return [condition, ...(leavesOutTests ? [sql<boolean>`not ${isTest}`] : [])];
}

/** The rows of a page whole. */
export function selectPage(viewer: Viewer, asked: Asked, page: Page): RawBuilder<unknown> {
  return selectRows(cutPage(viewer, asked, page));
}

async function readWhole(db: Kysely<Database>, cut: Cut): Promise<HeldRow[]> {
  const { rows } = await selectRows(cut).execute(db);
  return rows.map(toHeld);
}

function toHeld({ rank, status, status_reason, reviews, is_current, is_marked, ...loop }: HeldLoop & StandingRow): HeldRow {
  const { loop_id, site } = loop;
  return { loop, stands: { loop_id, site, rank, status, status_reason, reviews, is_current, is_marked } };
}

function selectRows({ rows: cut, order, isMarked }: Cut): RawBuilder<HeldLoop & StandingRow> {
  return sql<HeldLoop & StandingRow>`
    with page as materialized (select * ${cut})
    select loop.patient_key, loop.loop_id, loop.site_id, site.name as site, site.judged_at, loop.signal, loop.signal_version, loop.edition,
      record.type || '/' || record.id as subject, loop.subject_key, loop.opening_event, loop.opened_at, loop.due_at, loop.met_at,
      loop.verdict, loop.reason, loop.urgency, loop.priority, ${teamOfLoop} as team, loop.title, loop.limit_duration, loop.limit_basis, loop.gaps, loop.cancelling_gaps,
      loop.explanation, loop.by_person_key, loop.rank, loop.status, loop.status_reason, loop.reviews, loop.sealed,
      loop.is_current, ${isMarked} as is_marked
    from page as loop join site on site.site_id = loop.site_id join record on record.resource_key = loop.subject_key
    order by ${order}`;
}

/** The same, the rows of loops from memory where they are known. */
async function readStandings(db: Kysely<Database>, { rows: cut, order, isMarked }: Cut, quiet: QuietSites): Promise<HeldRow[]> {
  const { rows } = await sql<StandingRow>`
    with page as materialized (select loop_id, site_id, due_at, rank, status, status_reason, reviews, is_current, ${isMarked} as is_marked ${cut})
    select loop.loop_id, site.name as site, loop.rank, loop.status, loop.status_reason, loop.reviews, loop.is_current, loop.is_marked
    from page as loop join site on site.site_id = loop.site_id order by ${order}`.execute(db);
  const loops = rows.map(({ site, loop_id }) => ({ site, key: loop_id }));
  const held = await recall(db, quiet, "loop", loops, async (missing) => {
    const ids = missing.map(({ key }) => key);
    const byIds = {
      rows: sql`from loop where loop.loop_id = any(${ids}::uuid[])`,
      order: sql`loop.loop_id`,
      isMarked: sql<boolean>`false`,
    };
    const found = new Map((await selectRows(byIds).execute(db)).rows.map((row) => [row.loop_id, toHeld(row).loop]));
    return ({ key }) => found.get(key);
  });
  // A run that has begun in between may have removed it.
  return rows.flatMap((stands, place) => (held[place] ? [{ loop: held[place], stands }] : []));
}

function isAfterByRank({ rank, dueAt, id }: Cursor): Condition {
  return sql<boolean>`(loop.rank, loop.due_at, loop.loop_id) > (${rank}::smallint, ${toTimestamp(dueAt)}::timestamptz, ${id}::uuid)`;
}

function isAfterByDue({ dueAt, id }: Cursor): Condition {
  return sql<boolean>`(loop.due_at, loop.loop_id) > (${toTimestamp(dueAt)}::timestamptz, ${id}::uuid)`;
}

type JudgedBy = Pick<LoopRow, "site" | "site_id" | "signal" | "signal_version" | "edition">;

/** The definitions that these loops were judged by, each read once. */
async function readDefinitions(db: Kysely<Database>, loops: readonly JudgedBy[], quiet: QuietSites): Promise<(Signal | undefined)[]> {
  const names = loops.map(({ site, signal, signal_version, edition }) => `${site} ${signal} ${signal_version} ${edition}`);
  const versions = new Map(loops.map((loop, place) => [names[place] ?? "", loop]));
  const asked = Array.from(versions, ([key, { site }]) => ({ site, key }));
  const definitions = await recall(db, quiet, "definition", asked, async (missing) => {
    const wanted = missing.flatMap(({ key }) => versions.get(key) ?? []);
    const { rows } = await sql<{ site_id: number; signal: string; version: number; edition: string; definition: Signal }>`
      select site_id, signal, version, edition, definition from signal_version
      where (site_id, signal, version, edition) in (select * from unnest(${wanted.map((loop) => loop.site_id)}::integer[],
        ${wanted.map((loop) => loop.signal)}::text[], ${wanted.map((loop) => loop.signal_version)}::integer[],
        ${wanted.map((loop) => loop.edition)}::text[]))`.execute(db);
    return ({ key }) => {
      const of = versions.get(key);
      const row = rows.find(
        (each) =>
          each.site_id === of?.site_id && each.signal === of.signal && each.version === of.signal_version && each.edition === of.edition,
      );
      return row?.definition;
    };
  });
  const byName = new Map(asked.map(({ key }, place) => [key, definitions[place]]));
  return names.map((name) => byName.get(name));
}
