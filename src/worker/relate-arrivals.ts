import { setImmediate } from "node:timers/promises";
import type { Kysely } from "kysely";
import { BinaryRows } from "../db/binary-rows.ts";
import { copyWritten } from "../db/copy-rows.ts";
import type { Database } from "../db/schema.ts";
import { together } from "../db/together.ts";
import type { Key } from "../domain/facts.ts";
import { isRead, typeOf } from "../relate/world.ts";
import { anyOf } from "./any-of.ts";
import { queuePatients } from "./dirty-patients.ts";
import { findStarts, type PlacedEvent } from "./find-starts.ts";
import { joinPeople } from "./join-people.ts";
import { loadAuditWorld } from "./load-audit-world.ts";
import { makeMonths } from "./month-partitions.ts";
import { noteDependentsQueued, queueDependents } from "./queue-dependents.ts";
import type { EventRow } from "./place-events.ts";
import { asPlaced, eventColumns, recordColumns, relate, type Related } from "./related-record.ts";
import { factsOf, type StoredVersion } from "./stored-version.ts";

interface NamedSite {
  readonly siteId: number;
  readonly name: string;
}

/**
 * Works off what waits, so that what arrives can be related at once: who is who, and what depends on what came before.
 * Whatever comes later and changes it queues it again, as it does everything that is related.
 * @param allWaits whether nothing that is held has been related yet
 */
export async function settleBefore(db: Kysely<Database>, site: NamedSite, allWaits: boolean): Promise<void> {
  await joinPeople(db, site);
  await (allWaits ? noteDependentsQueued : queueDependents)(db, site.siteId);
}

/** Whether nothing waits that could queue again what is related now. */
export async function hasSettled(db: Kysely<Database>, siteId: number): Promise<boolean> {
  const person = await db.selectFrom("dirty_person").select("site_id").where("site_id", "=", siteId).limit(1).executeTakeFirst();
  if (person) return false;
  const unexpanded = db.selectFrom("dirty_record").select("site_id").where("site_id", "=", siteId).where("expanded", "=", false);
  return (await unexpanded.limit(1).executeTakeFirst()) === undefined;
}

/** New AuditEvents as they stand: written down as they are related, for what waits as objects is copied about by the collector. */
export interface RelatedArrivals {
  /** Of their records. */
  readonly keys: ReadonlySet<bigint>;
  readonly records: BinaryRows;
  readonly events: BinaryRows;
  readonly placed: readonly PlacedEvent[];
  /** The events once more. */
  readonly again: () => EventRow[];
}

/** Some milliseconds' worth. */
const relatedAtOnce = 20;

/** New AuditEvents, where all that they name has been read and is found by whatever changes it; the others wait. */
export async function relateArrivals(
  db: Kysely<Database>,
  site: NamedSite,
  audits: readonly StoredVersion[],
): Promise<RelatedArrivals | undefined> {
  if (audits.length === 0) return undefined;
  const world = await loadAuditWorld(db, site.name, audits);
  // To name an Observation is to name its reports; one that names it later finds what was said about it.
  const naming = audits.map((audit) => ({
    audit,
    reports: audit.links.flatMap(({ target }): readonly Key[] => (typeOf(target) === "Observation" ? world.reportsOf(target) : [target])),
  }));
  const named = [...new Set(naming.flatMap(({ reports }) => reports))].filter((name) => isRead(world, name));
  const waiting = await listWaiting(
    db,
    named.map((name) => world.keyOf(name)),
  );
  const ready = new Set(named.filter((name) => isFound(waiting.get(world.keyOf(name)), world.versions(name).length)));
  const related = naming.filter(({ reports }) => reports.every((name) => ready.has(name))).map(({ audit }) => audit);
  const [records, events] = [new BinaryRows(recordColumns), new BinaryRows(eventColumns)];
  const relateOne = (audit: StoredVersion, into?: BinaryRows): Related => {
    world.put(audit, factsOf(audit));
    return relate(world, site, { name: audit.key, key: audit.resourceKey }, { events: into });
  };
  const placed: PlacedEvent[] = [];
  for (const [place, audit] of related.entries()) {
    // The database waits for what it is told next.
    if (place % relatedAtOnce === 0) await setImmediate();
    const { record, rows } = relateOne(audit, events);
    records.add(record);
    for (const row of rows) placed.push(asPlaced(row));
  }
  const keys = new Set(related.map(({ resourceKey }) => resourceKey));
  return { keys, records, events, placed, again: () => related.flatMap((audit) => relateOne(audit).rows) };
}

/** A record is found by the patient that it names when it was last related, or first read. */
function isFound(waiting: { readonly isNew: boolean } | undefined, versions: number): boolean {
  return waiting === undefined || (waiting.isNew && versions === 1);
}

/** Which of some records wait to be related, and whether they never were. */
async function listWaiting(db: Kysely<Database>, keys: readonly bigint[]): Promise<Map<bigint, { isNew: boolean }>> {
  if (keys.length === 0) return new Map();
  const rows = await db
    .selectFrom("dirty_record")
    .innerJoin("record", "record.resource_key", "dirty_record.resource_key")
    .select(["record.resource_key", "record.patient_key"])
    .where("dirty_record.resource_key", "=", anyOf(keys))
    .execute();
  return new Map(rows.map((row) => [row.resource_key, { isNew: row.patient_key === null }]));
}

/** Writes records that are new, and makes room for their care events: nothing is replaced. Nobody's identity but who acted bears on what these say. */
export async function writeArrivals(db: Kysely<Database>, siteId: number, { records, placed }: RelatedArrivals): Promise<void> {
  await together([
    copyWritten(db, "record", records),
    findStarts(db, placed).then((starts) => queuePatients(db, siteId, starts)),
    makeMonths(
      db,
      placed.map(({ at }) => at),
    ),
  ]);
}
