import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import type { Facts, Key, Ref } from "../domain/facts.ts";
import { nameOf, recordKey } from "../domain/key.ts";
import { orderVersions } from "../domain/version-order.ts";

/** Names of records by the site that they belong to. */
export type NamesBySite = ReadonlyMap<string, readonly Key[]>;

/** The newest version held of each of these records that still says something; what has not been read is absent. */
export async function readNewestFacts(db: Kysely<Database>, site: string, names: readonly Key[]): Promise<Map<Key, Facts>> {
  return (await readNewestOfSites(db, new Map([[site, names]]))).get(site) ?? new Map<Key, Facts>();
}

/** The same of several sites in one question. */
export async function readNewestOfSites(db: Kysely<Database>, names: NamesBySite): Promise<Map<string, Map<Key, Facts>>> {
  const byKey = new Map([...names].flatMap(([site, ofSite]) => ofSite.map((name) => [recordKey(site, name), { site, name }] as const)));
  const newest = new Map([...names.keys()].map((site) => [site, new Map<Key, Facts>()]));
  if (byKey.size === 0) return newest;
  const rows = await db
    .selectFrom("resource_version")
    .select(["resource_key", "facts"])
    .where("resource_key", "=", sql<bigint>`any(${[...byKey.keys()]}::bigint[])`)
    .execute();
  for (const [key, versions] of Map.groupBy(rows, (row) => row.resource_key)) {
    const facts = orderVersions(versions.map((row) => row.facts)).findLast((version) => !version.deleted);
    const record = byKey.get(key);
    if (facts && record) newest.get(record.site)?.set(record.name, facts);
  }
  return newest;
}

/** `Type/id`, and not an identifier or another kind of name. */
export function isRecordName(name: Key): boolean {
  return /^[A-Z][A-Za-z]+\/[^/#|]+$/.test(name);
}

/** The records that references name by an identifier; one borne by several records names none of them. */
export async function resolveNames(db: Kysely<Database>, site: string, refs: readonly Ref[]): Promise<Map<Key, Key | undefined>> {
  return (await resolveOfSites(db, new Map([[site, refs]]))).get(site) ?? new Map<Key, Key | undefined>();
}

/** The same of several sites in one question. */
export async function resolveOfSites(
  db: Kysely<Database>,
  refs: ReadonlyMap<string, readonly Ref[]>,
): Promise<Map<string, Map<Key, Key | undefined>>> {
  const resolved = new Map<string, Map<Key, Key | undefined>>();
  const byKey = new Map<bigint, { site: string; name: Key }>();
  for (const [site, ofSite] of refs) {
    const names = [...new Set(ofSite.map(nameOf))];
    resolved.set(site, new Map(names.filter(isRecordName).map((name) => [name, name])));
    for (const name of names) if (!isRecordName(name)) byKey.set(recordKey(site, name), { site, name });
  }
  if (byKey.size === 0) return resolved;
  const { rows } = await sql<{ alias_key: bigint; name: Key; bearers: number }>`
    select alias_key, min(name) as name, count(distinct resource_key)::integer as bearers
    from alias where alias_key = any(${[...byKey.keys()]}::bigint[]) group by alias_key`.execute(db);
  for (const { alias_key, name, bearers } of rows) {
    const asked = byKey.get(alias_key);
    if (asked) resolved.get(asked.site)?.set(asked.name, bearers === 1 ? name : undefined);
  }
  return resolved;
}

/** What people call patients and teams, where their records say it. */
export async function readShownNames(db: Kysely<Database>, site: string, names: readonly Key[]): Promise<Map<Key, string>> {
  const facts = await readNewestFacts(db, site, [...new Set(names)].filter(isRecordName));
  return new Map([...facts].flatMap(([name, version]) => ("name" in version ? [[name, version.name] as const] : [])));
}
