import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import type { Facts, Key, Ref } from "../domain/facts.ts";
import { nameOf, recordKey } from "../domain/key.ts";
import { orderVersions } from "../domain/version-order.ts";

/** The newest version held of each of these records that still says something; what has not been read is absent. */
export async function readNewestFacts(db: Kysely<Database>, site: string, names: readonly Key[]): Promise<Map<Key, Facts>> {
  const byKey = new Map(names.map((name) => [recordKey(site, name), name]));
  if (byKey.size === 0) return new Map();
  const rows = await db
    .selectFrom("resource_version")
    .select(["resource_key", "facts"])
    .where("resource_key", "=", sql<bigint>`any(${[...byKey.keys()]}::bigint[])`)
    .execute();
  const newest = new Map<Key, Facts>();
  for (const [key, versions] of Map.groupBy(rows, (row) => row.resource_key)) {
    const facts = orderVersions(versions.map((row) => row.facts)).findLast((version) => !version.deleted);
    const name = byKey.get(key);
    if (facts && name !== undefined) newest.set(name, facts);
  }
  return newest;
}

/** `Type/id`, and not an identifier or another kind of name. */
export function isRecordName(name: Key): boolean {
  return /^[A-Z][A-Za-z]+\/[^/#|]+$/.test(name);
}

/** The records that references name by an identifier; one borne by several records names none of them. */
export async function resolveNames(db: Kysely<Database>, site: string, refs: readonly Ref[]): Promise<Map<Key, Key | undefined>> {
  const names = [...new Set(refs.map(nameOf))];
  const byKey = new Map(names.filter((name) => !isRecordName(name)).map((name) => [recordKey(site, name), name]));
  const resolved = new Map<Key, Key | undefined>(names.filter(isRecordName).map((name) => [name, name]));
  if (byKey.size === 0) return resolved;
  const { rows } = await sql<{ alias_key: bigint; name: Key; bearers: number }>`
    select alias_key, min(name) as name, count(distinct resource_key)::integer as bearers
    from alias where alias_key = any(${[...byKey.keys()]}::bigint[]) group by alias_key`.execute(db);
  for (const { alias_key, name, bearers } of rows) resolved.set(byKey.get(alias_key) ?? name, bearers === 1 ? name : undefined);
  return resolved;
}

/** What people call patients and teams, where their records say it. */
export async function readShownNames(db: Kysely<Database>, site: string, names: readonly Key[]): Promise<Map<Key, string>> {
  const facts = await readNewestFacts(db, site, [...new Set(names)].filter(isRecordName));
  return new Map([...facts].flatMap(([name, version]) => ("name" in version ? [[name, version.name] as const] : [])));
}
