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

/** Every key by which records may name the persons that these actors are. */
export async function namesOfPersons(db: Kysely<Database>, actors: readonly bigint[]): Promise<bigint[]> {
  const persons = [...new Set((await personsOfActors(db, actors)).values())];
  const members = await db.selectFrom("person").select("resource_key").where("person_key", "=", anyOf(persons)).execute();
  const bearers = [...new Set([...persons, ...members.map((row) => row.resource_key)])];
  const aliases = await db.selectFrom("alias").select("alias_key").distinct().where("resource_key", "=", anyOf(bearers)).execute();
  return [...new Set([...bearers, ...aliases.map((row) => row.alias_key)])];
}
