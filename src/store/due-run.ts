import { sql } from "kysely";
import { toTimestamp } from "../db/timestamp.ts";
import type { Instant } from "../domain/instant.ts";
import type { DueKind } from "../domain/schedule.ts";
import type { Db } from "./db.ts";

/** A slot of a site's schedule that has come, or a run that somebody asked for. */
export interface DueRun {
  readonly id: string;
  readonly site: string;
  readonly kind: DueKind;
  readonly dueAt: Instant;
  /** Absent: the schedule. */
  readonly askedBy: string | undefined;
  readonly state: "waiting" | "running" | "done" | "failed";
  /** The run that works on it, or settled it: one run may settle several. */
  readonly runId: string | undefined;
}

/** Asks for a run as soon as a worker looks. Where one of that kind is asked for and waits already, the answer is that one. */
export async function askForRun(db: Db, asked: { siteId: number; kind: DueKind; at: Instant; by: string; id: string }): Promise<DueRun> {
  for (;;) {
    await sql`insert into due_run (due_run_id, site_id, kind, due_at, asked_by, state)
      values (${asked.id}::uuid, ${asked.siteId}::integer, ${asked.kind}::text, ${toTimestamp(asked.at)}::timestamptz, ${asked.by}::text, 'waiting')
      on conflict do nothing`.execute(db);
    const [found] = await dueRuns(db)
      .where((where) =>
        where.or([
          where("due_run_id", "=", asked.id),
          where.and([
            where("due_run.site_id", "=", asked.siteId),
            where("kind", "=", asked.kind),
            where("asked_by", "is not", null),
            where("state", "=", "waiting"),
          ]),
        ]),
      )
      .execute();
    // None where a worker has claimed, between the two statements, the one that was waiting: then this one is asked for anew.
    if (found) return asDueRun(found);
  }
}

export async function findDueRun(db: Db, id: string): Promise<DueRun | undefined> {
  const row = await dueRuns(db).where("due_run_id", "=", id).executeTakeFirst();
  return row && asDueRun(row);
}

/** The latest first. */
export async function listDueRuns(db: Db, siteId: number, limit: number): Promise<DueRun[]> {
  const rows = await dueRuns(db)
    .where("due_run.site_id", "=", siteId)
    .orderBy("due_at", "desc")
    .orderBy("due_run_id")
    .limit(limit)
    .execute();
  return rows.map(asDueRun);
}

function dueRuns(db: Db) {
  return db
    .selectFrom("due_run")
    .innerJoin("site", "site.site_id", "due_run.site_id")
    .select(["due_run_id", "site.name", "kind", "due_at", "asked_by", "state", "run_id"]);
}

type Row = Awaited<ReturnType<ReturnType<typeof dueRuns>["execute"]>>[number];

function asDueRun(row: Row): DueRun {
  return {
    id: row.due_run_id,
    site: row.name,
    kind: row.kind,
    dueAt: row.due_at,
    askedBy: row.asked_by ?? undefined,
    state: row.state,
    runId: row.run_id ?? undefined,
  };
}
