import { sql, type Kysely } from "kysely";
import { insertRows } from "../db/bulk-write.ts";
import type { Database } from "../db/schema.ts";
import { withTransaction } from "../db/transaction.ts";
import type { Facts, Key, Ref } from "../domain/facts.ts";
import { hashParts, nameOf, recordKey } from "../domain/key.ts";
import { orderVersions } from "../domain/version-order.ts";
import { moveActorEvents } from "./actor-events.ts";
import { anyOf } from "./any-of.ts";
import { queueSelected } from "./dirty-patients.ts";
import { joinAround } from "./person-graph.ts";
import { unplaced } from "./place-events.ts";
import { queueRecords } from "./queue-records.ts";

const batchSize = 200;

interface Site {
  readonly siteId: number;
  readonly name: string;
}

/**
 * Works out anew who is who for every record whose identity may have changed: other names (identifiers), and which ids are
 * one person. What was placed under a person whose key changes is queued to be related again.
 */
export async function joinPeople(db: Kysely<Database>, site: Site): Promise<void> {
  for (;;) {
    const dirty = await db
      .selectFrom("dirty_person")
      .select("resource_key")
      .where("site_id", "=", site.siteId)
      .orderBy("resource_key")
      .limit(batchSize)
      .execute();
    if (dirty.length === 0) return;
    await withTransaction(db, async (transaction) => {
      const keys = dirty.map((row) => row.resource_key);
      await renew(transaction, site, keys);
      await transaction.deleteFrom("dirty_person").where("resource_key", "=", anyOf(keys)).execute();
    });
  }
}

async function renew(db: Kysely<Database>, site: Site, keys: readonly bigint[]): Promise<void> {
  const newest = await readNewest(db, keys);
  const namesBefore = await db
    .selectFrom("alias")
    .select("alias_key")
    .where("said_by", "=", anyOf(keys))
    .whereRef("resource_key", "=", "said_by")
    .execute();
  const tiesBefore = await db.selectFrom("person_tie").select(["tie_key", "resource_key"]).where("said_by", "=", anyOf(keys)).execute();
  const ties = newest.flatMap((each) => tiesOf(site, each));
  const names = newest.flatMap((each) => namesOf(site, each));
  await db.deleteFrom("alias").where("said_by", "=", anyOf(keys)).whereRef("resource_key", "=", "said_by").execute();
  await insertRows(
    db,
    "alias",
    { alias_key: "bigint", resource_key: "bigint", said_by: "bigint", site_id: "integer", name: "text" },
    names,
    { onConflict: "nothing" },
  );
  await db.deleteFrom("person_tie").where("said_by", "=", anyOf(keys)).execute();
  await insertRows(
    db,
    "person_tie",
    { tie_key: "bigint", resource_key: "bigint", said_by: "bigint", site_id: "integer", identifier: "boolean" },
    ties,
    { onConflict: "nothing" },
  );
  await writeOrganisations(db, site, keys, newest);
  const renamed = [...namesBefore.map((row) => row.alias_key), ...names.map((row) => row.alias_key)];
  const touched = [...keys, ...[...tiesBefore, ...ties].map((tie) => tie.resource_key), ...(await linkedBy(db, renamed))];
  const tieKeys = [...new Set([...tiesBefore, ...ties].map((tie) => tie.tie_key))];
  const nodes = await joinAround(db, site, touched, tieKeys);
  await queueFollowers(db, site, [...nodes, ...renamed]);
}

interface Newest {
  readonly resourceKey: bigint;
  readonly name: Key;
  readonly facts: Facts;
}

async function readNewest(db: Kysely<Database>, keys: readonly bigint[]): Promise<Newest[]> {
  const rows = await db
    .selectFrom("resource_version")
    .innerJoin("record", "record.resource_key", "resource_version.resource_key")
    .select(["resource_version.resource_key", "record.type", "record.id", "resource_version.facts"])
    .where("resource_version.resource_key", "=", anyOf(keys))
    .execute();
  return [...Map.groupBy(rows, (row) => row.resource_key)].flatMap(([resourceKey, versions]) => {
    const facts = orderVersions(versions.map((row) => row.facts)).at(-1);
    const [first] = versions;
    return facts && first && !facts.deleted ? [{ resourceKey, name: `${first.type}/${first.id}`, facts }] : [];
  });
}

/** Other names of a record: its identifiers, as its newest version has them. */
function namesOf(
  site: Site,
  { resourceKey, name, facts }: Newest,
): { alias_key: bigint; resource_key: bigint; said_by: bigint; site_id: number; name: string }[] {
  return (facts.identifiers ?? [])
    .filter((identifier) => identifier.usable)
    .map((identifier) => ({
      alias_key: recordKey(site.name, identifier.key),
      resource_key: resourceKey,
      said_by: resourceKey,
      site_id: site.siteId,
      name,
    }));
}

/** What joins it to others: an identifier that names one person; a link; a role and its practitioner. */
function tiesOf(
  site: Site,
  { resourceKey, facts }: Newest,
): { tie_key: bigint; resource_key: bigint; said_by: bigint; site_id: number; identifier: boolean }[] {
  const common = { said_by: resourceKey, site_id: site.siteId };
  const identifiers = "links" in facts ? (facts.identifiers ?? []).filter((identifier) => identifier.joins) : [];
  const byIdentifier = identifiers.map((identifier) => ({
    ...common,
    tie_key: hashParts("identifier", facts.type, site.name, identifier.key),
    resource_key: resourceKey,
    identifier: true,
  }));
  const refs: (Ref | undefined)[] = "links" in facts ? [...facts.links, ...("practitioner" in facts ? [facts.practitioner] : [])] : [];
  const byLink = refs
    .filter((ref) => ref !== undefined)
    .flatMap((ref) => {
      const other = recordKey(site.name, nameOf(ref));
      const [low, high] = other < resourceKey ? [other, resourceKey] : [resourceKey, other];
      const tie_key = hashParts("link", String(low), String(high));
      return [low, high].map((resource_key) => ({ ...common, tie_key, resource_key, identifier: false }));
    });
  return [...byIdentifier, ...byLink];
}

async function writeOrganisations(db: Kysely<Database>, site: Site, keys: readonly bigint[], newest: readonly Newest[]): Promise<void> {
  await db.deleteFrom("role_organisation").where("resource_key", "=", anyOf(keys)).execute();
  const rows = newest.flatMap(({ resourceKey: resource_key, facts }) =>
    facts.type === "PractitionerRole" && facts.organization
      ? [{ resource_key, organisation_key: recordKey(site.name, nameOf(facts.organization)), site_id: site.siteId }]
      : [],
  );
  await insertRows(db, "role_organisation", { resource_key: "bigint", organisation_key: "bigint", site_id: "integer" }, rows, {
    onConflict: "nothing",
  });
}

/** Names by which a link means somebody. */
async function linkedBy(db: Kysely<Database>, names: readonly bigint[]): Promise<bigint[]> {
  const rows = await db.selectFrom("person_tie").select("resource_key").distinct().where("resource_key", "=", anyOf(names)).execute();
  return rows.map((row) => row.resource_key);
}

/** Records that name them as their patient, what they say themselves, and the patients that actors among them acted on. */
async function queueFollowers(db: Kysely<Database>, site: Site, changed: readonly bigint[]): Promise<void> {
  const names = await db.selectFrom("alias").select("alias_key").where("resource_key", "=", anyOf(changed)).execute();
  const all = [...new Set([...changed, ...names.map((row) => row.alias_key)])];
  // Reports too where nobody moved: the age that a critical limit asks for is in the Patient.
  const followers = await db.selectFrom("record").select("resource_key").where("patient_ref", "=", anyOf(all)).execute();
  await queueRecords(db, site.siteId, [...all, ...followers.map((row) => row.resource_key)]);
  await moveActorEvents(db, site.siteId, all);
  await queueSelected(
    db,
    sql`select patient_key, site_id, '-infinity'::timestamptz from actor_patient where actor_key = any(${all}::bigint[])
      union select patient_key, site_id, '-infinity'::timestamptz from care_event where actor_key = any(${all}::bigint[]) and patient_key is distinct from ${unplaced}::bigint`,
  );
}
