import type { Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { anyOf } from "./any-of.ts";

/** Who each of these is, as records name actors: the person of whoever bears the name. A name borne by several who are not one person names none of them. */
export async function personsOfActors(db: Kysely<Database>, keys: readonly bigint[]): Promise<Map<bigint, bigint>> {
  if (keys.length === 0) return new Map();
  const aliases = await db
    .selectFrom("alias")
    .select(["alias_key", "resource_key"])
    .distinct()
    .where("alias_key", "=", anyOf(keys))
    .execute();
  const records = [...new Set([...keys, ...aliases.map((row) => row.resource_key)])];
  const joined = await db.selectFrom("person").select(["resource_key", "person_key"]).where("resource_key", "=", anyOf(records)).execute();
  const personOfRecord = new Map(joined.map((row) => [row.resource_key, row.person_key]));
  const bearersOf = Map.groupBy(aliases, (row) => row.alias_key);
  return new Map(keys.map((key) => [key, personOf(key)]));

  function personOf(key: bigint): bigint {
    const bearers = new Set((bearersOf.get(key) ?? []).map((row) => personOfRecord.get(row.resource_key) ?? row.resource_key));
    const [only] = bearers;
    return only !== undefined && bearers.size === 1 ? only : (personOfRecord.get(key) ?? key);
  }
}

/** Of each of these actors every key by which records may name the person that it is. */
export async function namesOfActors(db: Kysely<Database>, actors: readonly bigint[]): Promise<Map<bigint, bigint[]>> {
  if (actors.length === 0) return new Map();
  const personOf = await personsOfActors(db, actors);
  const persons = [...new Set(personOf.values())];
  const members = await db.selectFrom("person").select(["resource_key", "person_key"]).where("person_key", "=", anyOf(persons)).execute();
  const bearers = new Map([
    ...persons.map((person) => [person, person] as const),
    ...members.map((row) => [row.resource_key, row.person_key] as const),
  ]);
  const aliases = await db
    .selectFrom("alias")
    .select(["alias_key", "resource_key"])
    .distinct()
    .where("resource_key", "=", anyOf([...bearers.keys()]))
    .execute();
  const names = new Map(persons.map((person) => [person, new Set([person])]));
  for (const [bearer, person] of bearers) names.get(person)?.add(bearer);
  for (const { alias_key, resource_key } of aliases) names.get(bearers.get(resource_key) ?? resource_key)?.add(alias_key);
  return new Map([...personOf].map(([actor, person]) => [actor, [...(names.get(person) ?? [])]]));
}
