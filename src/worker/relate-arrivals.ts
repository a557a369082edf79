import type { Kysely } from "kysely";
import { copyRows } from "../db/copy-rows.ts";
import { insertRows } from "../db/bulk-write.ts";
import type { Database } from "../db/schema.ts";
import type { AuditEventFacts, Key } from "../domain/facts.ts";
import { recordKey } from "../domain/key.ts";
import { isRead, typeOf } from "../relate/world.ts";
import { addEvents } from "./add-events.ts";
import { anyOf } from "./any-of.ts";
import { queuePatients } from "./dirty-patients.ts";
import { findStarts } from "./find-starts.ts";
import { joinPeople } from "./join-people.ts";
import { loadAuditWorld } from "./load-audit-world.ts";
import { makeMonths } from "./month-partitions.ts";
import { queueDependents } from "./queue-dependents.ts";
import { actorRows, actorColumns, asPlaced, recordColumns, relate, type Related } from "./related-record.ts";
import { factsOf, type StoredVersion } from "./stored-version.ts";

interface NamedSite {
  readonly siteId: number;
  readonly name: string;
}

/**
 * Works off what waits, so that what arrives can be related at once: who is who, and what depends on what came before.
 * Whatever comes later and changes it queues it again, as it does everything that is related.
 */
export async function settleBefore(db: Kysely<Database>, site: NamedSite): Promise<void> {
  await joinPeople(db, site);
  await queueDependents(db, site.siteId);
}

/** Whether nothing waits that could queue again what is related now. */
export async function hasSettled(db: Kysely<Database>, siteId: number): Promise<boolean> {
  const person = await db.selectFrom("dirty_person").select("site_id").where("site_id", "=", siteId).limit(1).executeTakeFirst();
  if (person) return false;
  const unexpanded = db.selectFrom("dirty_record").select("site_id").where("site_id", "=", siteId).where("expanded", "=", false);
  return (await unexpanded.limit(1).executeTakeFirst()) === undefined;
}

/** New AuditEvents as they stand, where all that they name has been read and is found by whatever changes it; the others wait. By resource key. */
export async function relateArrivals(
  db: Kysely<Database>,
  site: NamedSite,
  audits: readonly StoredVersion[],
): Promise<Map<bigint, Related>> {
  if (audits.length === 0) return new Map();
  const world = await loadAuditWorld(
    db,
    site.name,
    audits.map((audit) => ({ key: audit.key, resourceKey: audit.resourceKey, facts: factsOf(audit) as AuditEventFacts })),
  );
  // To name an Observation is to name its reports; one that names it later finds what was said about it.
  const reportsNamed = ({ links }: StoredVersion): readonly Key[] =>
    links.flatMap(({ target }) => (typeOf(target) === "Observation" ? world.reportsOf(target) : [target]));
  const named = [...new Set(audits.flatMap(reportsNamed))].filter((name) => isRead(world, name));
  const waiting = await listWaiting(
    db,
    named.map((name) => recordKey(site.name, name)),
  );
  const ready = new Set(named.filter((name) => isFound(waiting.get(recordKey(site.name, name)), world.versions(name).length)));
  const related = audits.filter((audit) => reportsNamed(audit).every((name) => ready.has(name)));
  return new Map(related.map(({ key, resourceKey }) => [resourceKey, relate(world, site, key, resourceKey)]));
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

/** Writes records that are new, and their care events: nothing is replaced. */
export async function writeArrivals(db: Kysely<Database>, siteId: number, related: readonly Related[]): Promise<void> {
  if (related.length === 0) return;
  const rows = related.flatMap((each) => each.rows);
  await makeMonths(
    db,
    rows.map((row) => row.at),
  );
  await copyRows(
    db,
    "record",
    recordColumns,
    related.map((each) => each.record),
  );
  await addEvents(db, rows);
  await queuePatients(db, siteId, await findStarts(db, rows.map(asPlaced)));
  await insertRows(db, "actor_patient", actorColumns, actorRows(siteId, rows), { onConflict: "nothing" });
}
