import { sql, type Kysely } from "kysely";
import { insertRows, type ColumnTypes } from "../db/bulk-write.ts";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { Activity } from "../domain/activity.ts";
import type { CareEvent } from "../domain/care-event.ts";
import type { Instant } from "../domain/instant.ts";
import { anyOf } from "./any-of.ts";
import { personsOfActors } from "./persons-of-actors.ts";
import { unplaced, type EventRow } from "./place-events.ts";

/** A person to be judged again, from what began at an instant on. */
interface DirtyActor {
  readonly person: bigint;
  readonly at: Instant;
}

/** Copies what is to be found by who did it, and queues those persons. */
export async function copyByActor(
  db: Kysely<Database>,
  { siteId, copied }: { readonly siteId: number; readonly copied: ReadonlySet<Activity> },
  rows: readonly EventRow[],
): Promise<void> {
  const acts = rows.flatMap((row) =>
    copied.has(row.activity) && row.actor_key !== undefined && row.patient_key !== unplaced ? [{ row, actor: row.actor_key }] : [],
  );
  if (acts.length === 0) return;
  const persons = await personsOfActors(db, [...new Set(acts.map(({ actor }) => actor))]);
  const made = acts.map(({ row, actor }) => ({
    person_key: persons.get(actor) ?? actor,
    event_id: row["event_id"],
    site_id: siteId,
    actor_key: actor,
    saying_key: row["saying_key"],
    patient_key: row.patient_key,
    subject_key: row.subject_key,
    at: row.at,
    event: eventOf(row, actor),
  }));
  await insertRows(db, "actor_event", columns, made, { onConflict: "nothing" });
  await queueActors(
    db,
    siteId,
    made.map(({ person_key, at }) => ({ person: person_key, at })),
  );
}

/** Takes back what records said, and queues who did it. */
export async function removeActorEvents(db: Kysely<Database>, sayers: readonly bigint[]): Promise<void> {
  const { rows } = await sql<{ person_key: bigint; site_id: number; at: Instant }>`delete from actor_event
    where saying_key = any(${sayers}::bigint[]) returning person_key, site_id, at`.execute(db);
  for (const [siteId, gone] of Map.groupBy(rows, (row) => row.site_id)) {
    await queueActors(
      db,
      siteId,
      gone.map(({ person_key, at }) => ({ person: person_key, at })),
    );
  }
}

/** Moves the acts of those whose identity may have changed to who they now are. */
export async function moveActorEvents(db: Kysely<Database>, siteId: number, actors: readonly bigint[]): Promise<void> {
  const held = await db.selectFrom("actor_event").selectAll().where("actor_key", "=", anyOf(actors)).execute();
  if (held.length === 0) return;
  const persons = await personsOfActors(db, [...new Set(held.map((row) => row.actor_key))]);
  const moved = held.filter((row) => persons.get(row.actor_key) !== row.person_key);
  await sql`delete from actor_event using unnest(${moved.map((row) => row.person_key)}::bigint[], ${moved.map((row) => row.event_id)}::bigint[])
    as gone (person_key, event_id) where actor_event.person_key = gone.person_key and actor_event.event_id = gone.event_id`.execute(db);
  const placed = moved.map((row) => ({ ...row, person_key: persons.get(row.actor_key) ?? row.actor_key }));
  await insertRows(db, "actor_event", columns, placed, { onConflict: "nothing" });
  await queueActors(
    db,
    siteId,
    [...moved, ...placed].map(({ person_key, at }) => ({ person: person_key, at })),
  );
}

/** Queues persons; whoever is queued already is judged from the earlier of the two instants. */
async function queueActors(db: Kysely<Database>, siteId: number, actors: readonly DirtyActor[]): Promise<void> {
  const from = new Map<bigint, Instant>();
  for (const { person, at } of actors) from.set(person, Math.min(at, from.get(person) ?? Infinity));
  await sql`insert into dirty_actor as held (person_key, site_id, from_at)
    select given.person_key, ${siteId}::integer, given.from_at
    from unnest(${[...from.keys()]}::bigint[], ${[...from.values()].map(toTimestamp)}::timestamptz[]) as given (person_key, from_at)
    on conflict (person_key) do update set from_at = least(held.from_at, excluded.from_at)`.execute(db);
}

/** As detection sees it, with its patient; a record that names none is of nobody. */
function eventOf(row: EventRow, actor: bigint): CareEvent {
  const { at, end_at, activity, grade, subject_key, patient_key, detail } = row;
  const key = (name: string) => (typeof row[name] === "bigint" ? String(row[name]) : undefined);
  const fields = {
    id: key("event_id"),
    activity,
    at,
    end: end_at ?? at,
    precision: row["precision"],
    subject: String(subject_key),
    subjectRead: row["subject_read"],
    saying: key("saying_key"),
    actor: String(actor),
    actorKind: row["actor_kind"],
    byPerson: row["by_person"],
    grade,
    via: row["via"],
    code: row["code"],
    order: key("order_key"),
    encounter: key("encounter_key"),
    priority: row["priority"],
    setting: row["setting"],
    team: row["team"],
    kind: row["kind"],
    title: row["title"],
    ...(patient_key !== subject_key && { patient: String(patient_key) }),
    ...detail,
  };
  return fields as CareEvent;
}

const columns: ColumnTypes = {
  person_key: "bigint",
  event_id: "bigint",
  site_id: "integer",
  actor_key: "bigint",
  saying_key: "bigint",
  patient_key: "bigint",
  subject_key: "bigint",
  at: "timestamptz",
  event: "jsonb",
};
