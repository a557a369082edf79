import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import { withTransaction } from "../db/transaction.ts";
import { detectActor, isJudgedByActor } from "../detect/detect-actor.ts";
import type { SiteView } from "../detect/detection.ts";
import type { CareEvent } from "../domain/care-event.ts";
import type { Instant } from "../domain/instant.ts";
import { reachMs } from "../domain/reach.ts";
import { anyOf } from "./any-of.ts";
import { replaceLoops } from "./replace-loops.ts";

const batchSize = 100;

interface Horizon {
  readonly now: Instant;
  /** The retention line: what is not later does not exist. */
  readonly line: Instant;
}

/** Every person who did something, or of whom something was concluded, is judged from nothing. */
export async function queueEveryActor(db: Kysely<Database>, siteId: number): Promise<void> {
  await sql`insert into dirty_actor (person_key, site_id, from_at)
    select person_key, ${siteId}::integer, '-infinity'::timestamptz from (
      select person_key from actor_event where site_id = ${siteId}
      union select by_person_key from loop where site_id = ${siteId} and by_person_key is not null) as everybody
    on conflict (person_key) do update set from_at = excluded.from_at`.execute(db);
}

/** Persons some of whose acts, stored earlier, have come since the scan at `before`. */
export async function queueActorsOfTime(db: Kysely<Database>, siteId: number, before: Instant, now: Instant): Promise<void> {
  await sql`insert into dirty_actor as held (person_key, site_id, from_at)
    select person_key, ${siteId}::integer, min(at) from actor_event
    where site_id = ${siteId} and at > ${toTimestamp(before)}::timestamptz and at <= ${toTimestamp(now)}::timestamptz group by person_key
    on conflict (person_key) do update set from_at = least(held.from_at, excluded.from_at)`.execute(db);
}

/** Finds the sequences that cross patients, of every person who did something that may change them. */
export async function detectActors(db: Kysely<Database>, siteId: number, view: SiteView, { now, line }: Horizon): Promise<void> {
  const signals = view.signals.filter(isJudgedByActor).flatMap(({ versions }) => versions.map(({ signal }) => signal));
  const reach = reachMs(signals);
  for (;;) {
    const dirty = await db
      .selectFrom("dirty_actor")
      .select(["person_key", "from_at"])
      .where("site_id", "=", siteId)
      .orderBy("person_key")
      .limit(batchSize)
      .execute();
    if (dirty.length === 0) return;
    const persons = dirty.map((row) => row.person_key);
    await withTransaction(db, async (transaction) => {
      // What changed may end a sequence that began before it.
      const starts = new Map(dirty.map((row) => [row.person_key, Math.max(line, row.from_at - reach)]));
      const events = await readActs(transaction, starts, { now, line }, reach);
      const placed = dirty.flatMap(({ person_key: person }) =>
        detectActor(view, events.get(person) ?? [], now)
          .filter(({ loop }) => loop.openedAt >= (starts.get(person) ?? line))
          .map(({ patient, loop }) => ({ person, patient: BigInt(patient ?? loop.subject), loop })),
      );
      await replaceLoops(transaction, siteId, { scope: "person", starts, line }, placed);
      await transaction.deleteFrom("dirty_actor").where("person_key", "=", anyOf(persons)).execute();
    });
  }
}

/**
 * What each person did from the start on, and a reach before it, for what was a later step begins none; of the same records
 * everything.
 */
async function readActs(
  db: Kysely<Database>,
  starts: ReadonlyMap<bigint, Instant>,
  { now, line }: Horizon,
  reach: number,
): Promise<Map<bigint, CareEvent[]>> {
  const from = [...starts.values()].map((start) => toTimestamp(Math.max(line, start - reach)));
  const { rows } = await sql<{ person_key: bigint; event: CareEvent }>`
    with recent as (
      select act.person_key, act.subject_key from actor_event as act
      join unnest(${[...starts.keys()]}::bigint[], ${from}::timestamptz[]) as asked (person_key, from_at)
        on act.person_key = asked.person_key and act.at >= asked.from_at where act.at <= ${toTimestamp(now)}::timestamptz)
    select person_key, event from actor_event as act where person_key = any(${[...starts.keys()]}::bigint[])
      and at > ${toTimestamp(line)}::timestamptz and at <= ${toTimestamp(now)}::timestamptz
      and exists (select from recent where recent.person_key = act.person_key and recent.subject_key = act.subject_key)
    order by person_key, event_id`.execute(db);
  return new Map([...Map.groupBy(rows, (row) => row.person_key)].map(([person, acts]) => [person, acts.map(({ event }) => event)]));
}
