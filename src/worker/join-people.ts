import { sql, type Kysely } from "kysely";
import { insertRows } from "../db/bulk-write.ts";
import type { Database } from "../db/schema.ts";
import { withTransaction } from "../db/transaction.ts";
import type { Facts, Key, Ref } from "../domain/facts.ts";
import { hashParts, nameOf, recordKey } from "../domain/key.ts";
import { orderVersions } from "../domain/version-order.ts";
import { anyOf } from "./any-of.ts";
import { queueRecords } from "./queue-records.ts";

/** More ids than this on one identifier join none: it is a placeholder, not a person. */
const mostIdsOfOnePerson = 5;
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

/** Follows the ties from the records touched to everybody they join or joined, writes who is one person, and returns them all. */
async function joinAround(db: Kysely<Database>, site: Site, touched: readonly bigint[], tieKeys: readonly bigint[]): Promise<bigint[]> {
  const members = await db
    .selectFrom("person")
    .select(["resource_key"])
    .where("person_key", "=", anyOf(await personsOf(db, touched)))
    .execute();
  const graph: Graph = { nodes: new Set([...touched, ...members.map((row) => row.resource_key)]), ties: new Map(), bearers: new Map() };
  let frontier = [...graph.nodes];
  let more = [...tieKeys];
  while (frontier.length > 0 || more.length > 0) {
    const found = await db.selectFrom("person_tie").select("tie_key").distinct().where("resource_key", "=", anyOf(frontier)).execute();
    const tied = await readTies(db, graph, [...more, ...found.map((row) => row.tie_key)]);
    const named = await readNamed(db, graph, frontier);
    more = [];
    frontier = [...new Set([...tied, ...named])].filter((key) => !graph.nodes.has(key));
    for (const key of frontier) graph.nodes.add(key);
  }
  await writePersons(db, site, graph);
  return [...graph.nodes];
}

/** Who may be one person: records and names they are linked by, what ties them, and who bears those names. */
interface Graph {
  readonly nodes: Set<bigint>;
  readonly ties: Map<bigint, { identifier: boolean; readonly records: Set<bigint> }>;
  /** By a name that a link uses (an identifier): the records that bear it. */
  readonly bearers: Map<bigint, Set<bigint>>;
}

async function readTies(db: Kysely<Database>, { ties }: Graph, keys: readonly bigint[]): Promise<bigint[]> {
  const unread = [...new Set(keys)].filter((key) => !ties.has(key));
  const rows = await db
    .selectFrom("person_tie")
    .select(["tie_key", "resource_key", "identifier"])
    .where("tie_key", "=", anyOf(unread))
    .execute();
  for (const key of unread) ties.set(key, { identifier: false, records: new Set() });
  for (const row of rows) {
    const tie = ties.get(row.tie_key);
    tie?.records.add(row.resource_key);
    if (tie && row.identifier) tie.identifier = true;
  }
  return rows.map((row) => row.resource_key);
}

/** A link may name its other end by an identifier: whoever bears it is meant. */
async function readNamed(db: Kysely<Database>, { bearers }: Graph, keys: readonly bigint[]): Promise<bigint[]> {
  const { rows } = await sql<{ alias_key: bigint; resource_key: bigint }>`select distinct alias_key, resource_key from alias
    where alias_key = any(${keys}::bigint[]) or (resource_key = any(${keys}::bigint[]) and exists (select from person_tie where person_tie.resource_key = alias.alias_key))`.execute(
    db,
  );
  for (const { alias_key, resource_key } of rows) bearers.set(alias_key, (bearers.get(alias_key) ?? new Set()).add(resource_key));
  return rows.flatMap((row) => [row.alias_key, row.resource_key]);
}

/** Names by which a link means somebody. */
async function linkedBy(db: Kysely<Database>, names: readonly bigint[]): Promise<bigint[]> {
  const rows = await db.selectFrom("person_tie").select("resource_key").distinct().where("resource_key", "=", anyOf(names)).execute();
  return rows.map((row) => row.resource_key);
}

async function personsOf(db: Kysely<Database>, keys: readonly bigint[]): Promise<bigint[]> {
  const rows = await db.selectFrom("person").select("person_key").distinct().where("resource_key", "=", anyOf(keys)).execute();
  return [...new Set([...keys, ...rows.map((row) => row.person_key)])];
}

/** The least key of those joined, computed anew from all of them. A name that several bear who are not one person joins nobody. */
function leastKeys({ nodes, ties, bearers }: Graph): Map<bigint, bigint> {
  const parent = new Map([...nodes].map((node) => [node, node]));
  const find = (node: bigint): bigint => {
    const up = parent.get(node) ?? node;
    return up === node ? node : find(up);
  };
  // Records before mere names, so that a person's key is a record's wherever there is one.
  const isBefore = (a: bigint, b: bigint): boolean => (bearers.has(a) === bearers.has(b) ? a < b : bearers.has(b));
  const join = (one: bigint, other: bigint): boolean => {
    const [a, b] = [find(one), find(other)];
    if (a !== b) parent.set(isBefore(a, b) ? b : a, isBefore(a, b) ? a : b);
    return a !== b;
  };
  for (const { identifier, records } of ties.values()) {
    const [first, ...others] = records;
    if (identifier && records.size > mostIdsOfOnePerson) continue;
    for (const other of others) join(first ?? other, other);
  }
  // To name one person may make two bearers of another name one.
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    for (const [name, records] of bearers) {
      const [bearer, ...others] = new Set([...records].map(find));
      if (bearer !== undefined && others.length === 0 && join(name, bearer)) isChanged = true;
    }
  }
  return new Map([...nodes].map((node) => [node, find(node)]));
}

async function writePersons(db: Kysely<Database>, site: Site, graph: Graph): Promise<void> {
  const persons = leastKeys(graph);
  const held = await db
    .selectFrom("person")
    .select(["resource_key", "person_key"])
    .where("resource_key", "=", anyOf([...graph.nodes]))
    .execute();
  const before = new Map(held.map((row) => [row.resource_key, row.person_key]));
  const moved = [...persons].filter(([node, person]) => (before.get(node) ?? node) !== person).map(([node]) => node);
  await db.deleteFrom("person").where("resource_key", "=", anyOf(moved)).execute();
  const rows = moved
    .map((resource_key) => ({ resource_key, person_key: persons.get(resource_key) ?? resource_key, site_id: site.siteId }))
    .filter((row) => row.person_key !== row.resource_key);
  await insertRows(db, "person", { resource_key: "bigint", person_key: "bigint", site_id: "integer" }, rows, {});
}

/** Records that name them as their patient, what they say themselves, and the patients that actors among them acted on. */
async function queueFollowers(db: Kysely<Database>, site: Site, changed: readonly bigint[]): Promise<void> {
  const names = await db.selectFrom("alias").select("alias_key").where("resource_key", "=", anyOf(changed)).execute();
  const all = [...new Set([...changed, ...names.map((row) => row.alias_key)])];
  // Reports too where nobody moved: the age that a critical limit asks for is in the Patient.
  const followers = await db.selectFrom("record").select("resource_key").where("patient_ref", "=", anyOf(all)).execute();
  await queueRecords(db, site.siteId, [...all, ...followers.map((row) => row.resource_key)]);
  await sql`insert into dirty_patient (patient_key, site_id)
    select distinct patient_key, site_id from actor_patient where actor_key = any(${all}::bigint[]) on conflict do nothing`.execute(db);
}
