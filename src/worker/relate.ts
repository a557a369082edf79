import { sql, type Kysely } from "kysely";
import { besideTransactions } from "../db/beside.ts";
import { insertRows } from "../db/bulk-write.ts";
import type { Database } from "../db/schema.ts";
import { together } from "../db/together.ts";
import { withTransaction } from "../db/transaction.ts";
import type { Activity } from "../domain/activity.ts";
import type { UrgencyRules } from "../relate/urgency-rules.ts";
import { noteChangedHours } from "../store/changed-hour.ts";
import { settleStandings } from "../store/settle-standing.ts";
import { copyByActor } from "./actor-events.ts";
import { addEvents } from "./add-events.ts";
import { anyOf } from "./any-of.ts";
import { queuePatients } from "./dirty-patients.ts";
import { findStarts } from "./find-starts.ts";
import { joinPeople } from "./join-people.ts";
import { loadWorld } from "./load-world.ts";
import { makeMonths } from "./month-partitions.ts";
import type { EventRow } from "./place-events.ts";
import { refreshStatistics, sweep } from "./housekeeping.ts";
import { queueAskedFor, type AskedFor } from "./queue-anew.ts";
import { queueDependents } from "./queue-dependents.ts";
import { readAhead } from "./read-ahead.ts";
import { countEvents, removeEvents } from "./remove-events.ts";
import { actorColumns, actorRows, asPlaced, eventColumns, isSame, recordColumns, relate, type Related } from "./related-record.ts";

const batchSize = 300;
/** So many batches are read while one is related, and one is written. */
const mostAhead = 2;
/** Keys are few bytes, and to put them in order costs a look at all of them. */
const keysAtOnce = 20_000;
const sortedAtOnce = 100_000;
/** From so many on, what was read changes what the planner should know. */
const manyRecords = 1_000;
/** Before every key: the least bigint. */
const leastKey = -(2n ** 63n);

export interface RelateSite extends AskedFor {
  readonly name: string;
  readonly rules: UrgencyRules;
  /** Activities that may end loops on other records of the patient. */
  readonly ending: ReadonlySet<Activity>;
  /** Whether a series that runs measures care events: the hours in which they come and go are taken down. */
  readonly measures: boolean;
}

/** Works off what changed: who is who, what depends on it, and the care events of every record concerned. */
export async function relateSite(
  db: Kysely<Database>,
  site: RelateSite,
  onProgress: (left: number) => void = () => undefined,
): Promise<void> {
  const everything = await queueAskedFor(db, site);
  await joinPeople(db, site);
  // Where everything is queued, so is whatever depends on it.
  if (!everything) await queueDependents(db, site.siteId);
  const { left } = await db
    .selectFrom("dirty_record")
    .select(db.fn.countAll<bigint>().as("left"))
    .where("site_id", "=", site.siteId)
    .executeTakeFirstOrThrow();
  const isLarge = Number(left) > manyRecords;
  if (isLarge) await refreshStatistics(db, ["resource_version", "record", "link", "alias", "person", "person_tie"]);
  let remaining = Number(left);
  const write = async (keys: readonly bigint[], related: readonly Related[]): Promise<void> => {
    await makeMonths(
      db,
      related.flatMap(({ rows }) => rows.map((row) => row.at)),
    );
    await withTransaction(db, async (transaction) => {
      await writeRelated(transaction, site, related);
      await transaction.deleteFrom("dirty_record").where("resource_key", "=", anyOf(keys)).execute();
    });
    remaining -= keys.length;
    onProgress(Math.max(0, remaining));
  };
  let written = Promise.resolve();
  // What is written bears on nothing that is read of other records: so the next are read and related meanwhile.
  const beside = besideTransactions(db);
  const relateAhead = async (batches: AsyncIterable<bigint[]>): Promise<void> => {
    // On one connection what is read would come between a savepoint and the return to it.
    const isAlone = db.isTransaction;
    const read = readAhead(batches, isAlone ? 0 : mostAhead, (keys) => loadWorld(beside, site.name, site.rules, keys));
    for await (const { item: keys, found: world } of read) {
      const related = [...world.asked].map(([name, key]) => relate(world, site, { name, key }, { wanted: site.wanted }));
      await written;
      written = write(keys, related);
      written.catch(() => undefined);
      if (isAlone) await written;
    }
    await written;
  };
  try {
    await relateAhead((everything ? listByPatient : sortByPatient)(beside, site.siteId));
    await relateAhead(listByKey(beside, site.siteId));
  } finally {
    await written;
  }
  if (!isLarge) return;
  await refreshStatistics(db, ["care_event"]);
  await sweep(db, ["dirty_record", "dirty_person"]);
}

/** Onwards by key: the queue's head is full of rows that the batches before have deleted. */
async function* listByKey(db: Kysely<Database>, siteId: number): AsyncGenerator<bigint[]> {
  for (let last = leastKey; ;) {
    const rows = await db
      .selectFrom("dirty_record")
      .select("resource_key")
      .where("site_id", "=", siteId)
      .where("resource_key", ">", last)
      .orderBy("resource_key")
      .limit(batchSize)
      .execute();
    if (rows.length === 0) return;
    last = rows.at(-1)?.resource_key ?? last;
    yield rows.map((row) => row.resource_key);
  }
}

/** A patient's records one after the other: what they look at is read once, not once for every record that looks at it. */
async function* listByPatient(db: Kysely<Database>, siteId: number): AsyncGenerator<bigint[]> {
  for (let last = { patient_key: leastKey, resource_key: leastKey }; ;) {
    const { rows } = await sql<typeof last>`select record.patient_key, record.resource_key from record
      join dirty_record on dirty_record.resource_key = record.resource_key
      where dirty_record.site_id = ${siteId} and record.patient_key >= ${last.patient_key}::bigint
        and (record.patient_key, record.resource_key) > (${last.patient_key}::bigint, ${last.resource_key}::bigint)
      order by record.patient_key, record.resource_key limit ${sql.lit(keysAtOnce)}`.execute(db);
    for (let from = 0; from < rows.length; from += batchSize) yield rows.slice(from, from + batchSize).map((row) => row.resource_key);
    last = rows.at(-1) ?? last;
    if (rows.length < keysAtOnce) return;
  }
}

/**
 * The same of what waits, little of which has been related before and so has a place in that index: put in order whole, with what
 * names no patient under itself.
 */
async function* sortByPatient(db: Kysely<Database>, siteId: number): AsyncGenerator<bigint[]> {
  for (let last = { patient: leastKey, resource_key: leastKey }; ;) {
    const { rows } = await sql<typeof last>`select patient, resource_key from (
        select coalesce(record.patient_key, record.patient_ref, record.resource_key) as patient, record.resource_key from record
        join dirty_record on dirty_record.resource_key = record.resource_key where dirty_record.site_id = ${siteId}) as waiting
      where (patient, resource_key) > (${last.patient}::bigint, ${last.resource_key}::bigint)
      order by patient, resource_key limit ${sql.lit(sortedAtOnce)}`.execute(db);
    for (let from = 0; from < rows.length; from += batchSize) yield rows.slice(from, from + batchSize).map((row) => row.resource_key);
    last = rows.at(-1) ?? last;
    if (rows.length < sortedAtOnce) return;
  }
}

async function writeRelated(db: Kysely<Database>, site: RelateSite, related: readonly Related[]): Promise<void> {
  const keys = related.map(({ key }) => key);
  const known = await db.selectFrom("record").selectAll().where("resource_key", "=", anyOf(keys)).execute();
  // What was never related says nothing yet. Asked of the server it would be sought in the index by patient, and all of that read.
  const held = known.filter((row) => row.patient_key !== null);
  const before = new Map(held.map((row) => [row.resource_key, row]));
  const counts = site.everything ? await countEvents(db, held) : undefined;
  const changed = related.filter(
    ({ key, hash, rows }) => before.get(key)?.events_hash !== hash || (counts !== undefined && (counts.get(key) ?? 0) !== rows.length),
  );
  const old = changed.map(({ key }) => before.get(key)).filter((row) => row !== undefined);
  const placed = old.filter((row) => row.events_from !== null && row.events_to !== null);
  const removed = placed.length === 0 ? [] : await removeEvents(db, placed);
  const rowsOf = (some: readonly Related[]): EventRow[] => some.flatMap((each) => each.rows);
  const rows = rowsOf(changed);
  const isFirst = ({ key }: Related): boolean => !before.has(key);
  await addEvents(db, rowsOf(changed.filter(isFirst)));
  await insertRows(db, "care_event", eventColumns, rowsOf(changed.filter((each) => !isFirst(each))), { onConflict: "nothing" });
  await together([
    insertRows(
      db,
      "record",
      recordColumns,
      related.map((each) => each.record).filter((record) => !isSame(before.get(record["resource_key"] as bigint), record)),
      { onConflict: { columns: ["resource_key"], update: Object.keys(recordColumns).filter((name) => name !== "resource_key") } },
    ),
    findStarts(db, [...removed, ...rows.map(asPlaced)], site.ending).then((starts) => queuePatients(db, site.siteId, starts)),
    insertRows(db, "actor_patient", actorColumns, actorRows(site.siteId, rows), { onConflict: "nothing" }),
  ]);
  // Also of what says the same: a change of the signals takes all copies away.
  await copyByActor(
    db,
    site,
    related.flatMap((each) => each.rows),
  );
  if (site.measures) await noteChangedHours(db, site.siteId, [...removed, ...rows]);
  const relabelled = related.filter(
    ({ key, record }) => JSON.stringify(before.get(key)?.labels ?? []) !== JSON.stringify(record["labels"] ?? []),
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
