import { sql, type Kysely, type Selectable } from "kysely";
import { insertRows } from "../db/bulk-write.ts";
import type { Database } from "../db/schema.ts";
import { withTransaction } from "../db/transaction.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { Activity } from "../domain/activity.ts";
import type { Wanted } from "../domain/wanted.ts";
import type { UrgencyRules } from "../relate/urgency-rules.ts";
import { noteChangedHours } from "../store/changed-hour.ts";
import { settleStandings } from "../store/settle-standing.ts";
import { copyByActor, removeActorEvents } from "./actor-events.ts";
import { anyOf } from "./any-of.ts";
import { queueEveryActor } from "./detect-actors.ts";
import { queuePatients } from "./dirty-patients.ts";
import { findStarts, type PlacedEvent } from "./find-starts.ts";
import { joinPeople } from "./join-people.ts";
import { loadWorld } from "./load-world.ts";
import { makeMonths } from "./month-partitions.ts";
import { refreshStatistics, sweep } from "./housekeeping.ts";
import { queueDependents } from "./queue-dependents.ts";
import { actorColumns, actorRows, asPlaced, eventColumns, recordColumns, relate, type Related } from "./related-record.ts";

const batchSize = 300;
/** From so many on, what was read changes what the planner should know. */
const manyRecords = 1_000;
/** Before every key: the least bigint. */
const leastKey = -(2n ** 63n);

export interface RelateSite {
  readonly siteId: number;
  readonly name: string;
  readonly rules: UrgencyRules;
  /** Which care events are made. */
  readonly wanted: Wanted;
  /** Which of them are copied by who did them. */
  readonly copied: ReadonlySet<Activity>;
  /** Activities that may end loops on other records of the patient. */
  readonly ending: ReadonlySet<Activity>;
  /** Whether a series that runs measures care events: the hours in which they come and go are taken down. */
  readonly measures: boolean;
}

/** Queues everything that is held, so that all of it is related anew. */
export async function queueEverything(db: Kysely<Database>, siteId: number): Promise<void> {
  await withTransaction(db, async (transaction) => {
    await sql`insert into dirty_person (resource_key, site_id) select resource_key, site_id from record
      where site_id = ${siteId} and type not in ('AuditEvent', 'Provenance') on conflict do nothing`.execute(transaction);
    await sql`insert into dirty_record (resource_key, site_id, expanded) select resource_key, site_id, true from record where site_id = ${siteId} on conflict do nothing`.execute(
      transaction,
    );
    // What was copied for other signals than now may be old: all of it is made anew.
    await queueEveryActor(transaction, siteId);
    await transaction.deleteFrom("actor_event").where("site_id", "=", siteId).execute();
    await sql`update record set events_hash = null where site_id = ${siteId}`.execute(transaction);
  });
}

/** Works off what changed: who is who, what depends on it, and the care events of every record concerned. */
export async function relateSite(
  db: Kysely<Database>,
  site: RelateSite,
  onProgress: (left: number) => void = () => undefined,
): Promise<void> {
  await joinPeople(db, site);
  await queueDependents(db, site.siteId);
  const { left } = await db
    .selectFrom("dirty_record")
    .select(db.fn.countAll<bigint>().as("left"))
    .where("site_id", "=", site.siteId)
    .executeTakeFirstOrThrow();
  const isLarge = Number(left) > manyRecords;
  if (isLarge) await refreshStatistics(db, ["resource_version", "record", "link", "alias", "person", "person_tie"]);
  let remaining = Number(left);
  for (let last: bigint | undefined; ;) {
    // Onwards by key: the queue's head is full of rows that the batches before have deleted.
    const dirty = await db
      .selectFrom("dirty_record")
      .select("resource_key")
      .where("site_id", "=", site.siteId)
      .where("resource_key", ">", last ?? leastKey)
      .orderBy("resource_key")
      .limit(batchSize)
      .execute();
    if (dirty.length === 0) break;
    const keys = dirty.map((row) => row.resource_key);
    const world = await loadWorld(db, site.name, site.rules, keys);
    const related = [...world.asked].map(([name, key]) => relate(world, site, name, key, site.wanted));
    await makeMonths(
      db,
      related.flatMap(({ rows }) => rows.map((row) => row.at)),
    );
    await withTransaction(db, async (transaction) => {
      await writeRelated(transaction, site, related);
      await transaction.deleteFrom("dirty_record").where("resource_key", "=", anyOf(keys)).execute();
    });
    last = keys.at(-1);
    remaining -= keys.length;
    onProgress(Math.max(0, remaining));
  }
  if (!isLarge) return;
  await refreshStatistics(db, ["care_event"]);
  await sweep(db, ["dirty_record", "dirty_person"]);
}

async function writeRelated(db: Kysely<Database>, site: RelateSite, related: readonly Related[]): Promise<void> {
  const held = await db
    .selectFrom("record")
    .select(["resource_key", "patient_key", "event_patients", "events_from", "events_to", "events_hash", "labels"])
    .where("resource_key", "=", anyOf(related.map(({ key }) => key)))
    .execute();
  const before = new Map(held.map((row) => [row.resource_key, row]));
  const changed = related.filter(({ key, hash }) => before.get(key)?.events_hash !== hash);
  const old = changed.map(({ key }) => before.get(key)).filter((row) => row !== undefined);
  const placed = old.filter((row) => row.events_from !== null && row.events_to !== null);
  const removed = placed.length === 0 ? [] : await removeEvents(db, placed);
  const rows = changed.flatMap((each) => each.rows);
  await insertRows(db, "care_event", eventColumns, rows, { onConflict: "nothing" });
  await insertRows(
    db,
    "record",
    recordColumns,
    related.map((each) => each.record),
    { onConflict: { columns: ["resource_key"], update: Object.keys(recordColumns).filter((name) => name !== "resource_key") } },
  );
  await queuePatients(db, site.siteId, await findStarts(db, [...removed, ...rows.map(asPlaced)], site.ending));
  await copyByActor(db, site, rows);
  if (site.measures) await noteChangedHours(db, site.siteId, [...removed, ...rows]);
  await insertRows(db, "actor_patient", actorColumns, actorRows(site.siteId, rows), { onConflict: "nothing" });
  const relabelled = related.filter(
    ({ key, record }) => JSON.stringify(before.get(key)?.labels ?? []) !== JSON.stringify(record.labels ?? []),
  );
  await settleLabelled(
    db,
    site.siteId,
    relabelled.map(({ key }) => key),
  );
}

/** Where the loops about these records stand, and those of these patients under any of their ids. */
async function settleLabelled(db: Kysely<Database>, siteId: number, records: readonly bigint[]): Promise<void> {
  if (records.length === 0) return;
  const persons = await db.selectFrom("person").select("person_key").distinct().where("resource_key", "=", anyOf(records)).execute();
  await settleStandings(db, siteId, { subjects: records, patients: [...records, ...persons.map((row) => row.person_key)] });
}

export type PlacedRecord = Pick<Selectable<Database["record"]>, "resource_key" | "event_patients" | "events_from" | "events_to">;

export async function removeEvents(db: Kysely<Database>, placed: readonly PlacedRecord[]): Promise<PlacedEvent[]> {
  const from = toTimestamp(Math.min(...placed.map((row) => row.events_from ?? Infinity)));
  const to = toTimestamp(Math.max(...placed.map((row) => row.events_to ?? -Infinity)));
  const { rows } =
    await sql<PlacedEvent>`delete from care_event where patient_key = any(${placed.flatMap((row) => row.event_patients ?? [])}::bigint[])
    and saying_key = any(${placed.map((row) => row.resource_key)}::bigint[]) and at between ${from}::timestamptz and ${to}::timestamptz
    returning patient_key, subject_key, at, activity, grade, (detail ->> 'startedAt')::double precision as started_at`.execute(db);
  await removeActorEvents(
    db,
    placed.map((row) => row.resource_key),
  );
  return rows;
}
