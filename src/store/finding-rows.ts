import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { Key } from "../domain/facts.ts";
import type { Instant } from "../domain/instant.ts";
import type { Gap, Loop } from "../domain/loop.ts";
import type { Signal } from "../domain/signal.ts";
import type { Priority, Reason, Urgency, Verdict } from "../domain/verdict.ts";
import type { Viewer } from "../domain/viewer.ts";
import type { Asked } from "./finding-filter.ts";
import { readStandings, type Reviewed } from "./standing.ts";
import { allOf, judgedLoops, mayBeSeen, teamOfLoop, type Condition } from "./visible-loops.ts";

/** A loop as findings are made from it. */
export interface LoopRow {
  readonly patient_key: bigint;
  readonly loop_id: string;
  readonly site_id: number;
  readonly site: string;
  readonly judged_at: Instant | null;
  readonly signal: string;
  readonly signal_version: number;
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
  readonly rank: number;
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
}

/** A critical result before all: what it says is known to be dangerous. Of an order or a Task, which have no urgency, the priority counts. */
const rankByUrgency = sql<number>`(case loop.verdict when 'missed' then 0 when 'late' then 10 when 'unknown' then 20 else 30 end
  + case when loop.urgency = 'critical' then 0 when loop.priority = 'stat' then 1
    when loop.urgency = 'abnormal' or loop.priority in ('asap', 'urgent') then 2 when loop.urgency = 'normal' then 4 else 3 end)`;
const batchSize = 500;

export type FindingRow = LoopRow & { readonly standing: Reviewed };

/** A page of what is asked for and may be seen, and where the next begins. */
export async function readFindingRows(
  db: Kysely<Database>,
  viewer: Viewer,
  asked: Asked,
  page: Page,
): Promise<{ rows: FindingRow[]; next: Cursor | undefined }> {
  const rows: FindingRow[] = [];
  let after = page.after;
  for (;;) {
    const batch = await selectRows(db, viewer, asked, page.order ?? "due", after);
    const standings = await readStandings(db, batch);
    for (const row of batch) {
      const standing = standings.get(row.loop_id);
      if (!standing || !asked.statuses.includes(standing.status)) continue;
      // One more than the page holds: only then is there a next one.
      if (rows.length === page.limit) return { rows, next: cursorOf(rows.at(-1)) };
      rows.push({ ...row, standing });
    }
    if (batch.length < batchSize) return { rows, next: undefined };
    after = cursorOf(batch.at(-1));
  }
}

export function cursorOf(row: LoopRow | undefined): Cursor | undefined {
  return row && { rank: row.rank, dueAt: row.due_at, id: row.loop_id };
}

async function selectRows(
  db: Kysely<Database>,
  viewer: Viewer,
  asked: Asked,
  order: "due" | "urgency",
  after: Cursor | undefined,
): Promise<LoopRow[]> {
  const rank = order === "urgency" ? rankByUrgency : sql<number>`0::integer`;
  const conditions: Condition[] = [
    mayBeSeen(viewer),
    asked.condition,
    ...(asked.leavesOutTests ? [sql<boolean>`not ${asked.isTest}`] : []),
    ...(after
      ? [
          sql<boolean>`(${rank}, loop.due_at, loop.loop_id) > (${after.rank}::integer, ${toTimestamp(after.dueAt)}::timestamptz, ${after.id}::uuid)`,
        ]
      : []),
  ];
  const { rows } = await sql<LoopRow>`
    select loop.patient_key, loop.loop_id, loop.site_id, site.name as site, site.judged_at, loop.signal, loop.signal_version, signal_version.definition,
      record.type || '/' || record.id as subject, loop.subject_key, loop.opening_event, loop.opened_at, loop.due_at, loop.met_at,
      loop.verdict, loop.reason, loop.urgency, loop.priority, ${teamOfLoop} as team, loop.title, loop.limit_duration, loop.limit_basis, loop.gaps, loop.cancelling_gaps,
      loop.explanation, ${rank} as rank
    from ${judgedLoops} where ${allOf(conditions)} order by ${rank}, loop.due_at, loop.loop_id limit ${sql.lit(batchSize)}`.execute(db);
  return rows;
}
