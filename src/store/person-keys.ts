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
  const { rows } = await sql<{ key: bigint }>`
    with named as (select unnest(${keys}::bigint[]) as key union select resource_key from alias where alias_key = any(${keys}::bigint[]))
    select distinct coalesce(person.person_key, named.key) as key from named left join person on person.resource_key = named.key`.execute(
    db,
  );
  return rows.map((row) => row.key);
}
