import { sql, type Kysely, type Selectable } from "kysely";
import { insertRows, type ColumnTypes } from "../db/bulk-write.ts";
import type { Database } from "../db/schema.ts";
import { withTransaction } from "../db/transaction.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { Key } from "../domain/facts.ts";
import { earliestOf, latestOf } from "../domain/instant.ts";
import { hashParts, nameOf, recordKey } from "../domain/key.ts";
import { relateRecord } from "../relate/relate-record.ts";
import type { UrgencyRules } from "../relate/urgency-rules.ts";
import { isVoided } from "../relate/world.ts";
import { anyOf } from "./any-of.ts";
import { queuePatients } from "./dirty-patients.ts";
import { findStarts, type PlacedEvent } from "./find-starts.ts";
import { joinPeople } from "./join-people.ts";
import { loadWorld, type StoredWorld } from "./load-world.ts";
import { makeMonths } from "./month-partitions.ts";
import { personOf, placeEvent, unplaced, type EventRow } from "./place-events.ts";
import { refreshStatistics, sweep } from "./housekeeping.ts";
import { queueDependents } from "./queue-dependents.ts";

const batchSize = 300;
/** From so many on, what was read changes what the planner should know. */
const manyRecords = 1_000;
/** Before every key: the least bigint. */
const leastKey = -(2n ** 63n);

export interface RelateSite {
  readonly siteId: number;
  readonly name: string;
  readonly rules: UrgencyRules;
  /** How far back a changed event may reach, in milliseconds (`reachMs`). */
  readonly reach: number;
}

/** Queues everything that is held, so that all of it is related anew. */
export async function queueEverything(db: Kysely<Database>, siteId: number): Promise<void> {
  await withTransaction(db, async (transaction) => {
    await sql`insert into dirty_person (resource_key, site_id) select resource_key, site_id from record
      where site_id = ${siteId} and type not in ('AuditEvent', 'Provenance') on conflict do nothing`.execute(transaction);
    await sql`insert into dirty_record (resource_key, site_id, expanded) select resource_key, site_id, true from record where site_id = ${siteId} on conflict do nothing`.execute(
      transaction,
    );
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
    const related = [...world.asked].map(([name, key]) => relate(world, site, name, key));
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

/** One record as it now stands: where it belongs, and the events that it says. */
interface Related {
  readonly key: bigint;
  readonly record: Readonly<Record<string, unknown>>;
  readonly rows: readonly EventRow[];
  readonly hash: string;
}

function relate(world: StoredWorld, site: RelateSite, name: Key, key: bigint): Related {
  const newest = world.versions(name).findLast((version) => !version.deleted);
  const rows = relateRecord(world, name).map((event) => placeEvent(world, site.name, site.siteId, event));
  const patient = newest?.patient && nameOf(newest.patient);
  const patient_key = newest?.type === "Patient" ? world.personKey(name) : (personOf(world, newest) ?? key);
  const hash = String(
    hashParts(
      "events",
      ...rows.map((row) => JSON.stringify(row, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value))),
    ),
  );
  return {
    key,
    rows,
    hash,
    record: {
      resource_key: key,
      site_id: site.siteId,
      namespace: "",
      type: name.slice(0, name.indexOf("/")),
      id: name.slice(name.indexOf("/") + 1),
      patient_ref: patient === undefined ? undefined : recordKey(site.name, patient),
      patient,
      patient_key,
      voided: isVoided(world, name),
      labels: newest?.labels,
      event_patients: [...new Set(rows.map((row) => row.patient_key))],
      events_from: earliestOf(rows.map((row) => row.at)),
      events_to: latestOf(rows.map((row) => row.at)),
      events_hash: hash,
    },
  };
}

async function writeRelated(db: Kysely<Database>, site: RelateSite, related: readonly Related[]): Promise<void> {
  const held = await db
    .selectFrom("record")
    .select(["resource_key", "patient_key", "event_patients", "events_from", "events_to", "events_hash"])
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
  await queuePatients(db, site.siteId, await findStarts(db, [...removed, ...rows.map(asPlaced)], site.reach));
  const actors = rows
    .filter((row) => row.patient_key !== unplaced)
    .flatMap((row) => namedIn(row).map((actor_key) => ({ actor_key, patient_key: row.patient_key, site_id: site.siteId })));
  await insertRows(db, "actor_patient", { actor_key: "bigint", patient_key: "bigint", site_id: "integer" }, actors, {
    onConflict: "nothing",
  });
}

function asPlaced({ patient_key, subject_key, at, activity, grade, detail }: EventRow): PlacedEvent {
  return { patient_key, subject_key, at, activity, grade, ...(detail?.startedAt !== undefined && { started_at: detail.startedAt }) };
}

export type PlacedRecord = Pick<Selectable<Database["record"]>, "resource_key" | "event_patients" | "events_from" | "events_to">;

export async function removeEvents(db: Kysely<Database>, placed: readonly PlacedRecord[]): Promise<PlacedEvent[]> {
  const from = toTimestamp(Math.min(...placed.map((row) => row.events_from ?? Infinity)));
  const to = toTimestamp(Math.max(...placed.map((row) => row.events_to ?? -Infinity)));
  const { rows } =
    await sql<PlacedEvent>`delete from care_event where patient_key = any(${placed.flatMap((row) => row.event_patients ?? [])}::bigint[])
    and saying_key = any(${placed.map((row) => row.resource_key)}::bigint[]) and at between ${from}::timestamptz and ${to}::timestamptz
    returning patient_key, subject_key, at, activity, grade, (detail ->> 'startedAt')::double precision as started_at`.execute(db);
  return rows;
}

/** Everybody whose identity the event's meaning may hang on: who acted, and whose the laboratory's own is. */
function namedIn({ actor_key, detail }: EventRow): bigint[] {
  const { performers = [], requesters = [] } = detail?.result ?? {};
  return [...(actor_key === undefined ? [] : [actor_key]), ...[...performers, ...requesters].map(BigInt)];
}

const recordColumns: ColumnTypes = {
  resource_key: "bigint",
  site_id: "integer",
  namespace: "text",
  type: "text",
  id: "text",
  patient_ref: "bigint",
  patient: "text",
  patient_key: "bigint",
  voided: "boolean",
  labels: "text[]",
  event_patients: "bigint[]",
  events_from: "timestamptz",
  events_to: "timestamptz",
  events_hash: "text",
};

const eventColumns: ColumnTypes = {
  patient_key: "bigint",
  at: "timestamptz",
  event_id: "bigint",
  site_id: "integer",
  activity: "activity",
  end_at: "timestamptz",
  precision: "text",
  subject_key: "bigint",
  saying_key: "bigint",
  subject_read: "boolean",
  actor: "text",
  actor_key: "bigint",
  actor_kind: "text",
  by_person: "boolean",
  grade: "smallint",
  via: "text",
  category: "text",
  code: "jsonb",
  value: "double precision",
  unit: "text",
  order_key: "bigint",
  encounter_key: "bigint",
  urgency: "text",
  priority: "text",
  setting: "text",
  team: "text",
  kind: "text",
  due_at: "timestamptz",
  title: "text",
  detail: "jsonb",
};
