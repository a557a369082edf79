import { sql, type Kysely, type RawBuilder } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { PatientView, Persons } from "../detect/detection.ts";
import type { Activity } from "../domain/activity.ts";
import type { CareEvent } from "../domain/care-event.ts";
import type { Instant } from "../domain/instant.ts";
import type { Wanted } from "../domain/wanted.ts";
import { anyOf } from "./any-of.ts";
import { personsOfActors } from "./persons-of-actors.ts";

/** What a batch of patients is read of: nothing at or before the retention line, nothing after `now`. */
export interface Bounds {
  readonly line: Instant;
  /** Everything of the patients from here on; before it only what is on the same records, deaths, and `before`. */
  readonly start: Instant;
  readonly now: Instant;
  /** Activities that openings rest on, however long before. */
  readonly before?: readonly Activity[];
  /** Those that count from before the retention line as well. */
  readonly ever?: readonly Activity[];
}

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

/** Only what these signals ask for, at one site: what is shown of the query, not what it is run with. */
export interface Narrowed {
  readonly siteId: number;
  readonly wanted: Wanted;
}

/** Half-open at the start: `(after, until]`. Bounds on the time are parameters, so that partitions outside are never looked at. */
export function selectEvents(
  db: Kysely<Database>,
  patients: readonly bigint[] | RawBuilder<bigint>,
  after: Instant,
  until: Instant,
  narrowed?: Narrowed,
) {
  const query = db
    .selectFrom("care_event")
    .selectAll()
    .where("patient_key", "=", "toOperationNode" in patients ? patients : anyOf(patients))
    .where("at", ">", sql<number>`${toTimestamp(after)}::timestamptz`)
    .where("at", "<=", sql<number>`${toTimestamp(until)}::timestamptz`);
  return narrowed ? query.where(isNarrowed(narrowed)) : query;
}

function isNarrowed({ siteId, wanted }: Narrowed): RawBuilder<boolean> {
  const coded = [...wanted].flatMap(([activity, codes]) => (codes === "all" ? [] : [{ activity, codes: [...codes] }]));
  const conditions = [
    sql`site_id = ${siteId}::integer`,
    sql`activity = any(${[...wanted.keys()]}::activity[])`,
    ...coded.map(
      ({
        activity,
        codes,
      }) => sql`(activity <> ${activity}::activity or exists (select from jsonb_array_elements(code -> 'codings') as coding
    where coalesce(coding ->> 'system', '') || '|' || (coding ->> 'code') = any(${codes}::text[])))`,
    ),
  ];
  return sql<boolean>`(${sql.join(conditions, sql` and `)})`;
}

async function readEvents(
  db: Kysely<Database>,
  patients: readonly bigint[],
  { line, start, now, before = [], ever = [] }: Bounds,
): Promise<Map<bigint, CareEvent[]>> {
  // The start itself belongs to what is read whole.
  const recent = await selectEvents(db, patients, Math.max(line, start - 1), now).execute();
  const subjects = [...new Set(recent.map((row) => row.subject_key))];
  const earlier =
    start - 1 <= line
      ? []
      : await selectEvents(db, patients, line, start - 1)
          .where((where) =>
            where.or([
              where("subject_key", "=", anyOf(subjects)),
              where("activity", "=", sql<Activity>`any(${["patient.died", ...before]}::activity[])`),
            ]),
          )
          .execute();
  const events = new Map<bigint, CareEvent[]>();
  const ancient =
    ever.length === 0
      ? []
      : await selectEvents(db, patients, -Infinity, line)
          .where("activity", "=", sql<Activity>`any(${[...ever]}::activity[])`)
          .execute();
  for (const row of [...ancient, ...earlier, ...recent]) {
    const held = events.get(row.patient_key);
    const event = toCareEvent(row);
    if (held) held.push(event);
    else events.set(row.patient_key, [event]);
  }
  return events;
}

type EventRow = Awaited<ReturnType<ReturnType<typeof selectEvents>["execute"]>>[number];

/** Keys come as decimal strings; nulls are absent. */
function toCareEvent(row: EventRow): CareEvent {
  return {
    id: String(row.event_id),
    activity: row.activity,
    at: row.at,
    end: row.end_at ?? row.at,
    precision: row.precision,
    subject: String(row.subject_key),
    subjectRead: row.subject_read,
    saying: String(row.saying_key),
    actorKind: row.actor_kind,
    byPerson: row.by_person,
    grade: row.grade,
    via: row.via,
    ...(row.actor_key !== null && { actor: String(row.actor_key) }),
    ...(row.category !== null && { category: row.category }),
    ...(row.code !== null && { code: row.code }),
    ...(row.value !== null && { value: row.value }),
    ...(row.unit !== null && { unit: row.unit }),
    ...(row.order_key !== null && { order: String(row.order_key) }),
    ...(row.encounter_key !== null && { encounter: String(row.encounter_key) }),
    ...(row.urgency !== null && { urgency: row.urgency }),
    ...(row.priority !== null && { priority: row.priority }),
    ...(row.setting !== null && { setting: row.setting }),
    ...(row.team !== null && { team: row.team }),
    ...(row.kind !== null && { kind: row.kind }),
    ...(row.due_at !== null && { due: row.due_at }),
    ...(row.title !== null && { title: row.title }),
    ...row.detail,
  };
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
