import type { Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import type { PatientView, Persons } from "../detect/detection.ts";
import type { CareEvent } from "../domain/care-event.ts";
import { anyOf } from "./any-of.ts";
import type { Bounds } from "./bounds.ts";
import { personsOfActors } from "./persons-of-actors.ts";
import { readEvents } from "./read-events.ts";

/** The views of a batch of patients: their events, who is who, what is in quarantine. */
export async function readPatients(
  db: Kysely<Database>,
  patients: readonly bigint[],
  bounds: Bounds,
  quarantined: Quarantined,
): Promise<Map<bigint, PatientView>> {
  const events = await readEvents(db, patients, bounds);
  const persons = await readPersons(db, [...events.values()].flat());
  return new Map(
    patients.map((patient) => [
      patient,
      {
        events: events.get(patient) ?? [],
        from: Math.max(bounds.line + 1, bounds.start),
        persons,
        quarantined: { bySubject: quarantined.bySubject, ofPatient: quarantined.byPatient.get(patient) ?? [] },
      },
    ]),
  );
}

/** Who is who among the actors, performers and requesters of these events. */
async function readPersons(db: Kysely<Database>, events: readonly CareEvent[]): Promise<Persons> {
  const actors = new Set(
    events.flatMap((event) => [
      ...(event.actor === undefined ? [] : [event.actor]),
      ...(event.result?.performers ?? []),
      ...(event.result?.requesters ?? []),
    ]),
  );
  const keys = [...actors].map(BigInt);
  const known = await personsOfActors(db, keys);
  const personOfActor = new Map([...known].map(([actor, person]) => [String(actor), String(person)]));
  const persons = [...new Set(known.values())];
  const members = await db.selectFrom("person").select(["resource_key", "person_key"]).where("person_key", "=", anyOf(persons)).execute();
  const roles = await db
    .selectFrom("role_organisation")
    .select(["resource_key", "organisation_key"])
    .where("resource_key", "=", anyOf([...persons, ...members.map((row) => row.resource_key)]))
    .execute();
  const personOfMember = new Map(members.map((row) => [row.resource_key, row.person_key]));
  const organisations = Map.groupBy(roles, (role) => String(personOfMember.get(role.resource_key) ?? role.resource_key));
  return {
    personOf: (actor) => personOfActor.get(actor) ?? actor,
    organisationsOf: (person) => (organisations.get(person) ?? []).map((role) => String(role.organisation_key)),
  };
}

export interface Quarantined {
  readonly bySubject: Map<string, string[]>;
  readonly byPatient: Map<bigint, string[]>;
}

/** Types of quarantined resources: a gap for the loops of the report, order or Task that they name, else of the patient. */
export async function readQuarantined(db: Kysely<Database>, siteId: number): Promise<Quarantined> {
  const rows = await db
    .selectFrom("quarantine")
    .select(["type", "names", "patient_ref"])
    .where("site_id", "=", siteId)
    .where("type", "is not", null)
    .execute();
  const found: Quarantined = { bySubject: new Map(), byPatient: new Map() };
  if (rows.length === 0) return found;
  const keys = rows.flatMap((row) => [...row.names, ...(row.patient_ref === null ? [] : [row.patient_ref])]);
  const aliases = await db.selectFrom("alias").select(["alias_key", "resource_key"]).where("alias_key", "=", anyOf(keys)).execute();
  const bearers = Map.groupBy(aliases, (row) => row.alias_key);
  const recordsOf = (key: bigint): bigint[] => [key, ...(bearers.get(key) ?? []).map((row) => row.resource_key)];
  const joined = await db
    .selectFrom("person")
    .select(["resource_key", "person_key"])
    .where("resource_key", "=", anyOf(keys.flatMap(recordsOf)))
    .execute();
  const persons = new Map(joined.map((row) => [row.resource_key, row.person_key]));
  for (const { type, names, patient_ref } of rows) {
    if (type === null) continue;
    for (const name of names.flatMap(recordsOf)) found.bySubject.set(String(name), [...(found.bySubject.get(String(name)) ?? []), type]);
    if (names.length > 0 || patient_ref === null) continue;
    for (const record of recordsOf(patient_ref)) {
      const person = persons.get(record) ?? record;
      found.byPatient.set(person, [...(found.byPatient.get(person) ?? []), type]);
    }
  }
  return found;
}
