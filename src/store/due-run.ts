import { sql } from "kysely";
import { insertRows } from "../db/bulk-write.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { Instant } from "../domain/instant.ts";
import type { DueKind } from "../domain/schedule.ts";
import type { Db } from "./db.ts";

/** What may be asked for: what the schedule runs, and another try of what is in quarantine. */
export type AskedKind = DueKind | "replay";

/** A slot of a site's schedule that has come, or a run that somebody asked for. */
export interface DueRun {
  readonly id: string;
  readonly site: string;
  readonly kind: AskedKind;
  readonly dueAt: Instant;
  /** Absent: the schedule. */
  readonly askedBy: string | undefined;
  readonly state: "waiting" | "running" | "done" | "failed";
  /** The run that works on it, or settled it: one run may settle several. */
  readonly runId: string | undefined;
  /** What of the quarantine a replay is to try again; absent: all of it, or it is no replay. */
  readonly keys: readonly bigint[] | undefined;
}

interface Asked {
  readonly siteId: number;
  readonly kind: AskedKind;
  readonly at: Instant;
  readonly by: string;
  readonly id: string;
  readonly keys?: readonly bigint[] | undefined;
}

/** Asks for a run as soon as a worker looks. Where one of that kind is asked for and waits already, the answer is that one. */
export async function askForRun(db: Db, asked: Asked): Promise<DueRun> {
  const keys = asked.keys === undefined ? null : [...asked.keys];
  for (;;) {
    await sql`insert into due_run (due_run_id, site_id, kind, due_at, asked_by, state, keys)
      values (${asked.id}::uuid, ${asked.siteId}::integer, ${asked.kind}::text, ${toTimestamp(asked.at)}::timestamptz, ${asked.by}::text, 'waiting', ${keys}::bigint[])
      on conflict do nothing`.execute(db);
    const found = await dueRuns(db)
      .where((where) =>
        where.or([
          where("due_run_id", "=", asked.id),
          where.and([
            where("due_run.site_id", "=", asked.siteId),
            where("kind", "=", asked.kind),
            where("asked_by", "is not", null),
            where("state", "=", "waiting"),
            where("keys", "is", null),
          ]),
        ]),
      )
      .execute();
    // None where a worker has claimed, between the two statements, the one that was waiting: then this one is asked for anew.
    const row = found.find((each) => each.due_run_id === asked.id) ?? found[0];
    if (row) return asDueRun(row);
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

export interface Slot {
  readonly id: string;
  readonly siteId: number;
  readonly kind: DueKind;
  readonly dueAt: Instant;
}

/** Writes slots that have come; those that are there already stay as they are. */
export async function addSlots(db: Db, slots: readonly Slot[]): Promise<void> {
  await insertRows(
    db,
    "due_run",
    { due_run_id: "uuid", site_id: "integer", kind: "text", due_at: "timestamptz", state: "text" },
    slots.map(({ id, siteId, kind, dueAt }) => ({ due_run_id: id, site_id: siteId, kind, due_at: dueAt, state: "waiting" })),
    { onConflict: "nothing" },
  );
}

/** Every site and kind with its latest slot, settled or not; undefined where it never had one. */
export async function listLatestSlots(db: Db): Promise<{ siteId: number; site: string; kind: DueKind; dueAt: Instant | undefined }[]> {
  const { rows } = await sql<{ siteId: number; site: string; kind: DueKind; dueAt: Instant | null }>`
    select site.site_id as "siteId", site.name as site, each.kind, (
      select max(due_at) from due_run where due_run.site_id = site.site_id and due_run.kind = each.kind and asked_by is null
    ) as "dueAt"
    from site cross join (values ('increment'), ('reconcile')) as each (kind) order by site.name, each.kind`.execute(db);
  return rows.map((row) => ({ ...row, dueAt: row.dueAt ?? undefined }));
}

/** Sites with something to settle, those that have waited longest first. What a run works on now is among it. */
export async function listSitesDue(db: Db, now: Instant): Promise<{ siteId: number; site: string }[]> {
  const { rows } = await sql<{ siteId: number; site: string }>`
    select site.site_id as "siteId", site.name as site from due_run join site using (site_id)
    where state in ('waiting', 'running') and due_at <= ${toTimestamp(now)}::timestamptz
    group by site.site_id, site.name order by min(due_at), site.name`.execute(db);
  return rows;
}

/** What a run has to do for one slot, or for one who asked. */
export type Claimed = Pick<DueRun, "kind" | "keys">;

/**
 * Gives one run all that is due at a site, also what a run had that died with its process; one for each. Only
 * for the holder of the site's lock, so that no run that lives is robbed.
 */
export async function claimDueRuns(db: Db, claim: { siteId: number; now: Instant; runId: string }): Promise<Claimed[]> {
  const { rows } = await sql<{ kind: AskedKind; keys: bigint[] | null }>`update due_run set state = 'running', run_id = ${claim.runId}::uuid
    where site_id = ${claim.siteId}::integer and state in ('waiting', 'running') and due_at <= ${toTimestamp(claim.now)}::timestamptz
    returning kind, keys`.execute(db);
  return rows.map(({ kind, keys }) => ({ kind, keys: keys ?? undefined }));
}

/** Settles what ended runs had claimed, as they ended. So nothing is settled twice, though a process may die between a run's end and this. */
export async function settleByRuns(db: Db, siteId: number): Promise<void> {
  await sql`update due_run set state = case when run.state = 'failed' then 'failed' else 'done' end from run
    where due_run.site_id = ${siteId}::integer and due_run.state = 'running' and due_run.run_id = run.run_id
      and run.state in ('complete', 'incomplete', 'failed')`.execute(db);
}

function dueRuns(db: Db) {
  return db
    .selectFrom("due_run")
    .innerJoin("site", "site.site_id", "due_run.site_id")
    .select(["due_run_id", "site.name", "kind", "due_at", "asked_by", "state", "run_id", "keys"]);
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
    keys: row.keys ?? undefined,
  };
}
