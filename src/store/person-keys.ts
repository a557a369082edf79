import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import type { Key } from "../domain/facts.ts";
import { recordKey } from "../domain/key.ts";

/** Keys under which the loops of these people live, whatever name of theirs is given: `Patient/p-1` or `system|value`. */
export async function listPersonKeys(
  db: Kysely<Database>,
  people: readonly { readonly site: string; readonly name: Key }[],
): Promise<bigint[]> {
  if (people.length === 0) return [];
  const keys = people.map(({ site, name }) => recordKey(site, name));
  const { rows: aliases } = await sql<{
    key: bigint;
  }>`select resource_key as key from alias where alias_key = any(${keys}::bigint[])`.execute(db);
  const named = [...new Set([...keys, ...aliases.map((row) => row.key)])];
  const { rows: persons } = await sql<{ key: bigint; person: bigint }>`
    select resource_key as key, person_key as person from person where resource_key = any(${named}::bigint[])`.execute(db);
  const personOf = new Map(persons.map(({ key, person }) => [key, person]));
  return [...new Set(named.map((key) => personOf.get(key) ?? key))];
}
