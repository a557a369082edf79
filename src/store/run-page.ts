import { sql } from "kysely";
import { toTimestamp } from "../db/timestamp.ts";
import type { Instant } from "../domain/instant.ts";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "./db.ts";
import { asRun, type Run, type RunRow } from "./run.ts";
import { isOneOf, type Condition } from "./visible-loops.ts";

/** A run with the name of its site. */
export type ListedRun = Run & { readonly site: string };

export interface RunCursor {
  readonly startedAt: Instant;
  readonly id: string;
}

type ListedRow = RunRow & { readonly site: string };

/** Runs of the viewer's sites, or of those named among them, the latest first. */
export async function listRunPage(
  db: Db,
  viewer: Viewer,
  sites: readonly string[] | undefined,
  page: { readonly limit: number; readonly after?: RunCursor },
): Promise<{ runs: ListedRun[]; next?: RunCursor }> {
  const { after } = page;
  const { rows } = await sql<ListedRow>`
    select run.run_id, run.site_id, site.name as site, run.kind, run.now_at, run.started_at, run.finished_at, run.state
    from run join site on site.site_id = run.site_id
    where ${ofViewer(viewer)} ${sites ? sql`and ${isOneOf(sql<string>`site.name`, sites)}` : sql``}
      ${after ? sql`and (run.started_at, run.run_id) < (${toTimestamp(after.startedAt)}::timestamptz, ${after.id}::uuid)` : sql``}
    order by run.started_at desc, run.run_id desc limit ${page.limit + 1}`.execute(db);
  const runs = rows.slice(0, page.limit).map(show);
  const last = runs.at(-1);
  return { runs, ...(last && rows.length > page.limit && { next: { startedAt: last.startedAt, id: last.id } }) };
}

/** One run whole; undefined where there is none of that id at the viewer's sites. */
export async function findRun(db: Db, viewer: Viewer, id: string): Promise<(ListedRun & { readonly summary: unknown }) | undefined> {
  const { rows } = await sql<ListedRow & { summary: unknown }>`
    select run.run_id, run.site_id, site.name as site, run.kind, run.now_at, run.started_at, run.finished_at, run.state, run.summary
    from run join site on site.site_id = run.site_id where run.run_id = ${id}::uuid and ${ofViewer(viewer)}`.execute(db);
  const [row] = rows;
  return row && { ...show(row), summary: row.summary };
}

function ofViewer({ sites }: Viewer): Condition {
  return sites === "all" ? sql<boolean>`true` : isOneOf(sql<string>`site.name`, sites);
}

function show(row: ListedRow): ListedRun {
  return { ...asRun(row), site: row.site };
}
