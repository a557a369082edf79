import type { CareEvent } from "../domain/care-event.ts";
import type { Instant } from "../domain/instant.ts";
import type { CancellingClause, ClosingClause } from "../domain/signal.ts";
import { sameConcept } from "../domain/concept.ts";
import { byTime } from "./due.ts";
import type { Persons } from "./detection.ts";
import { isOnPatient } from "./is-on-patient.ts";
import type { PatientEvents } from "./patient-events.ts";
import { matches } from "./where.ts";

/** Evidence on a loop, at the instant at which it counts. */
export interface Evidence {
  readonly at: Instant;
  readonly isUpperBound: boolean;
  readonly event: CareEvent;
}

/** The earlier; at one instant what is exact. */
export function earliest(evidence: readonly Evidence[]): Evidence | undefined {
  return [...evidence].sort(
    (a, b) => a.at - b.at || Number(a.isUpperBound) - Number(b.isUpperBound) || (a.event.id < b.event.id ? -1 : 1),
  )[0];
}

/** Whether an event is what a closing clause asks for, whatever its time: activity, via, grade, by, and not the laboratory's own. */
export function fitsClosing(event: CareEvent, clause: ClosingClause, own: (actor: string) => boolean): boolean {
  return (
    clause.activity.includes(event.activity) &&
    (clause.where === undefined || matches(event, event.urgency, clause.where)) &&
    (clause.via === undefined || clause.via === event.via) &&
    event.grade >= (clause.gradeAtLeast ?? 0) &&
    (clause.by === "anyone" || event.byPerson) &&
    !(event.activity === "result.acknowledged" && event.actor !== undefined && own(event.actor))
  );
}

/** Of a record's own states the first: never a later one than what opened a loop. */
const beginnings: ReadonlySet<string> = new Set(["order.placed", "task.requested"]);

/**
 * When an event counts for a loop opened at `openedAt`: an exact time at or after it; a date where its day reaches past
 * it, at the later of the two; a Task's or order's own state, which its opening comes before whatever the times say, at
 * the later of the two as well. Undefined where it came too soon.
 */
function countsAt(
  event: CareEvent,
  opening: CareEvent,
  options: { readonly earlyMs?: number; readonly whenever?: boolean; readonly notBeforeMs?: number },
): Instant | undefined {
  const openedAt = opening.at;
  const isOwn = event.subject === opening.subject && event.saying === event.subject && (event.via === "task" || event.via === "order");
  const isOwnState = isOwn && !beginnings.has(event.activity);
  const from = options.whenever || isOwnState ? -Infinity : openedAt - (options.earlyMs ?? 0);
  if (options.notBeforeMs !== undefined && event.at < openedAt + options.notBeforeMs) return undefined;
  const isPeriod = event.end > event.at;
  const reaches = isPeriod ? event.end > from : event.at >= from;
  return reaches ? Math.max(event.at, openedAt) : undefined;
}

/** Closing events of a loop. `early` is for a subject's first opening only. */
export function closingEvidence(
  opening: CareEvent,
  isFirst: boolean,
  candidates: readonly CareEvent[],
  clauses: readonly ClosingClause[],
  own: (actor: string) => boolean,
): Evidence[] {
  return candidates.flatMap((event) => {
    if (event.id === opening.id) return [];
    const times = clauses
      .filter((clause) => fitsClosing(event, clause, own))
      .map((clause) =>
        countsAt(event, opening, {
          ...(isFirst && clause.earlyMs !== undefined && { earlyMs: clause.earlyMs }),
          ...(clause.whenever && { whenever: true }),
          ...(clause.notBeforeMs !== undefined && { notBeforeMs: clause.notBeforeMs }),
        }),
      )
      .filter((at) => at !== undefined);
    return times.length === 0 ? [] : [{ at: Math.min(...times), isUpperBound: event.precision === "upper-bound", event }];
  });
}

/** Closing events that are on other records than the opening: of the same order, encounter, patient … */
export function joinedEvidence(opening: CareEvent, patient: PatientEvents, clauses: readonly ClosingClause[]): Evidence[] {
  return clauses.flatMap((clause) => {
    const joined = patient.joined(opening, clause.activity, clause.same ?? ["subject"], clause.where);
    const events = clause.changed ? joined.filter((event) => isChanged(event, joined)) : joined;
    return closingEvidence(opening, false, events, [clause], () => false);
  });
}

/** Whether a prescription differs from the one before it: of what neither says, nothing is told. The first of all changes nothing. */
function isChanged(event: CareEvent, all: readonly CareEvent[]): boolean {
  const before = all
    .filter((other) => byTime(other, event) < 0)
    .sort(byTime)
    .at(-1);
  if (!before) return false;
  const isOther = event.code !== undefined && before.code !== undefined && !sameConcept(event.code, before.code);
  return isOther || (event.dose !== undefined && before.dose !== undefined && event.dose !== before.dose);
}

/** Cancelling events: joined with the opening, at or after it; on the patient as a whole (a death) from any time. */
export function cancellingEvidence(
  opening: CareEvent,
  onSubject: readonly CareEvent[],
  patient: PatientEvents,
  clauses: readonly CancellingClause[],
): Evidence[] {
  return clauses.flatMap((clause) => {
    const events =
      clause.same === "subject"
        ? onSubject.filter((event) => clause.activity.includes(event.activity) && event.id !== opening.id)
        : patient.joined(opening, clause.activity, [clause.same]);
    return events.flatMap((event) => {
      const at = clause.same === "patient" && isOnPatient(event) ? event.at : countsAt(event, opening, {});
      return at === undefined ? [] : [{ at, isUpperBound: event.precision === "upper-bound", event }];
    });
  });
}

/**
 * Whether an actor is the laboratory's own: a performer or interpreter of the report, or in a role of a performing
 * organisation; never the order's own requester.
 */
export function laboratorysOwn(results: readonly CareEvent[], persons: Persons): (actor: string) => boolean {
  const keys = (pick: (event: CareEvent) => readonly string[] | undefined) => new Set(results.flatMap((event) => pick(event) ?? []));
  const performers = keys((event) => event.result?.performers);
  const performing = new Set([...performers].map((performer) => persons.personOf(performer)));
  const requesting = new Set([...keys((event) => event.result?.requesters)].map((requester) => persons.personOf(requester)));
  return (actor) => {
    const person = persons.personOf(actor);
    return (
      !requesting.has(person) &&
      (performing.has(person) || persons.organisationsOf(person).some((organisation) => performers.has(organisation)))
    );
  };
}

/** Whether an acknowledgement is the laboratory authorising its own report, which acknowledges nothing: asked of events whose reports' are among these. */
export function laboratorysOwnAmong(events: readonly CareEvent[], persons: Persons): (event: CareEvent) => boolean {
  let results: ReadonlyMap<string, readonly CareEvent[]> | undefined;
  const known = new Map<string, (actor: string) => boolean>();
  return ({ activity, subject, actor }) => {
    if (activity !== "result.acknowledged" || actor === undefined) return false;
    results ??= Map.groupBy(
      events.filter((event) => event.result !== undefined),
      (event) => event.subject,
    );
    let own = known.get(subject);
    if (own === undefined) known.set(subject, (own = laboratorysOwn(results.get(subject) ?? [], persons)));
    return own(actor);
  };
}
