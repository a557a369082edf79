import type { Facts, Key } from "../domain/facts.ts";
import { hashParts, recordKey } from "../domain/key.ts";
import { isRead } from "../relate/world.ts";
import type { RelatedEvent } from "../relate/related-event.ts";
import type { StoredWorld } from "./load-world.ts";

/** Events that no patient could be found for: counted, and placed when the record they name is read. */
export const unplaced = 0n;

/** A care event with its keys hashed and its place: one row. */
export type EventRow = Readonly<Record<string, unknown>> & {
  readonly patient_key: bigint;
  readonly subject_key: bigint;
  readonly at: number;
  readonly end_at?: number;
  readonly activity: RelatedEvent["activity"];
  readonly grade: RelatedEvent["grade"];
  readonly actor_key?: bigint;
  readonly detail?:
    | Partial<
        Pick<
          RelatedEvent,
          "result" | "voided" | "sequence" | "startedAt" | "observed" | "conclusions" | "age" | "dose" | "schedule" | "follows"
        >
      >
    | undefined;
};

/**
 * Where an event lives: with the loops of the record that it is about, under that record's patient, or where it names
 * none, under the record itself. Only an event on the patient as a whole, or on a record not yet read, is placed under the
 * patient that its own record names.
 */
export function placeEvent(world: StoredWorld, site: string, siteId: number, event: RelatedEvent): EventRow {
  const keyOf = (name: Key): bigint => recordKey(site, name);
  const subjectKey = keyOf(event.subject);
  const { result, voided, sequence, startedAt, observed, conclusions, age, dose, schedule } = event;
  const follows = event.follows?.map((name) => String(keyOf(name)));
  return {
    patient_key: patientKey(world, site, event),
    at: event.at,
    event_id: hashParts("event", String(keyOf(event.saying)), event.activity, String(subjectKey), event.ordinal),
    site_id: siteId,
    activity: event.activity,
    ...(event.end > event.at && { end_at: event.end }),
    precision: event.precision,
    subject_key: subjectKey,
    saying_key: keyOf(event.saying),
    subject_read: event.subjectRead,
    ...(event.actor !== undefined && { actor: event.actor, actor_key: keyOf(event.actor) }),
    actor_kind: event.actorKind,
    by_person: event.byPerson,
    grade: event.grade,
    via: event.via,
    category: event.category,
    code: event.code,
    value: event.value,
    unit: event.unit,
    ...(event.order !== undefined && { order_key: keyOf(event.order) }),
    ...(event.encounter !== undefined && { encounter_key: keyOf(event.encounter) }),
    urgency: event.urgency,
    priority: event.priority,
    setting: event.setting,
    team: event.team,
    kind: event.kind,
    due_at: event.due,
    title: event.title,
    detail: detailOf({
      result: hashResult(result, keyOf),
      voided,
      sequence,
      startedAt,
      observed,
      conclusions,
      age,
      dose,
      schedule,
      follows,
    }),
  };
}

function patientKey(world: StoredWorld, site: string, event: RelatedEvent): bigint {
  const subject = newestFacts(world, event.subject);
  if (subject && subject.type !== "Patient") return personOf(world, subject) ?? recordKey(site, event.subject);
  if (isRead(world, event.subject)) return world.personKey(event.subject);
  const patientOfSayer = personOf(world, newestFacts(world, event.saying));
  return patientOfSayer ?? unplaced;
}

function newestFacts(world: StoredWorld, name: Key): Facts | undefined {
  return world.versions(name).findLast((version) => !version.deleted);
}

export function personOf(world: StoredWorld, facts: Facts | undefined): bigint | undefined {
  const patient = world.resolve(facts?.patient);
  return patient === undefined ? undefined : world.personKey(patient);
}

/** Names of people and orders as the hashes that detection compares. */
function hashResult(result: RelatedEvent["result"], keyOf: (name: Key) => bigint): RelatedEvent["result"] {
  if (!result) return undefined;
  const hashed = (names: readonly Key[] | undefined) => names?.map((name) => String(keyOf(name)));
  const { performers, requesters, answers } = {
    performers: hashed(result.performers),
    requesters: hashed(result.requesters),
    answers: hashed(result.answers),
  };
  return { ...result, ...(performers && { performers }), ...(requesters && { requesters }), ...(answers && { answers }) };
}

function detailOf(detail: object): EventRow["detail"] {
  const said = Object.entries(detail).filter(([, value]) => value !== undefined);
  return said.length === 0 ? undefined : Object.fromEntries(said);
}
