import type { Facts, Key } from "../domain/facts.ts";
import { hashParts } from "../domain/key.ts";
import { isRead } from "../relate/world.ts";
import type { RelatedEvent } from "../relate/related-event.ts";
import type { StoredWorld } from "./loading.ts";

/** Events that no patient could be found for: counted, and placed when the record they name is read. */
export const unplaced = 0n;

/** A care event with its keys hashed and its place: one row, what is not said undefined. */
export type EventRow = Readonly<Record<string, unknown>> & {
  readonly patient_key: bigint;
  readonly subject_key: bigint;
  readonly at: number;
  readonly end_at?: number | undefined;
  readonly activity: RelatedEvent["activity"];
  readonly grade: RelatedEvent["grade"];
  readonly actor_key?: bigint | undefined;
  readonly detail?: Partial<Pick<RelatedEvent, (typeof inDetail)[number]>> | undefined;
};

/** What only some activities carry, in the order in which it is kept. */
const inDetail = [
  "result",
  "voided",
  "sequence",
  "startedAt",
  "observed",
  "conclusions",
  "age",
  "dose",
  "schedule",
  "follows",
] as const satisfies readonly (keyof RelatedEvent)[];

/**
 * Where an event lives: with the loops of the record that it is about, under that record's patient, or where it names
 * none, under the record itself. Only an event on the patient as a whole, or on a record not yet read, is placed under the
 * patient that its own record names. All members are written out, so that all rows are alike.
 */
export function placeEvent(world: StoredWorld, siteId: number, event: RelatedEvent): EventRow {
  const subjectKey = world.keyOf(event.subject);
  const sayingKey = world.keyOf(event.saying);
  const { actor, order, encounter } = event;
  return {
    patient_key: patientKey(world, event),
    at: event.at,
    event_id: hashParts("event", String(sayingKey), event.activity, String(subjectKey), event.ordinal),
    site_id: siteId,
    activity: event.activity,
    end_at: event.end > event.at ? event.end : undefined,
    precision: event.precision,
    subject_key: subjectKey,
    saying_key: sayingKey,
    subject_read: event.subjectRead,
    actor,
    actor_key: actor === undefined ? undefined : world.keyOf(actor),
    actor_kind: event.actorKind,
    by_person: event.byPerson,
    grade: event.grade,
    via: event.via,
    category: event.category,
    code: event.code,
    value: event.value,
    unit: event.unit,
    order_key: order === undefined ? undefined : world.keyOf(order),
    encounter_key: encounter === undefined ? undefined : world.keyOf(encounter),
    urgency: event.urgency,
    priority: event.priority,
    setting: event.setting,
    team: event.team,
    kind: event.kind,
    due_at: event.due,
    title: event.title,
    detail: detailOf(world, event),
  };
}

function patientKey(world: StoredWorld, event: RelatedEvent): bigint {
  const subject = newestFacts(world, event.subject);
  if (subject && subject.type !== "Patient") return personOf(world, subject) ?? world.keyOf(event.subject);
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
function hashResult(world: StoredWorld, result: NonNullable<RelatedEvent["result"]>): RelatedEvent["result"] {
  const { performers, requesters, answers } = result;
  return {
    ...result,
    ...(performers && { performers: hashed(world, performers) }),
    ...(requesters && { requesters: hashed(world, requesters) }),
    ...(answers && { answers: hashed(world, answers) }),
  };
}

function hashed(world: StoredWorld, names: readonly Key[]): string[] {
  return names.map((name) => String(world.keyOf(name)));
}

function detailOf(world: StoredWorld, event: RelatedEvent): EventRow["detail"] {
  let detail: Record<string, unknown> | undefined;
  for (const name of inDetail) {
    if (event[name] !== undefined) (detail ??= {})[name] = event[name];
  }
  if (detail && event.result) detail["result"] = hashResult(world, event.result);
  if (detail && event.follows) detail["follows"] = hashed(world, event.follows);
  return detail;
}
