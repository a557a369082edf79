import type { CareEvent } from "../domain/care-event.ts";
import type { Persons } from "./detection.ts";

const lookedAfterMs = 5 * 60_000;

/**
 * New orders of the patient that name no result, raised to grade 2 for a report that their author had looked at or
 * acknowledged before, or within five minutes after, authoring (a date alone is its whole day): an action on it, unless it
 * is the order that it answers.
 */
export function raisedActions(
  results: readonly CareEvent[],
  onSubject: readonly CareEvent[],
  onPatient: readonly CareEvent[],
  persons: Persons,
  isOwn: (actor: string) => boolean,
): CareEvent[] {
  const [first] = results;
  if (!first) return [];
  const firstAt = Math.min(...results.map((event) => event.at));
  const answers = new Set(results.flatMap((event) => event.result?.answers ?? []));
  const looks = [
    ...onSubject.filter((event) => (event.activity === "result.viewed" && event.grade >= 1) || isAcknowledgement(event, isOwn)),
    // A search does not list what came back: it counts for results that were there to be found.
    ...onPatient.filter((event) => event.activity === "result.viewed" && event.at >= firstAt),
  ];
  return onPatient
    .filter((event) => event.activity === "result.actioned" && event.byPerson && event.actor !== undefined && !answers.has(event.saying))
    .filter((action) =>
      looks.some((look) => look.byPerson && isSame(persons, look.actor, action.actor) && look.at <= action.end + lookedAfterMs),
    )
    .map((action) => ({ ...action, subject: first.subject, grade: 2 as const }));
}

/** The laboratory that authorises its report has acknowledged nothing. */
function isAcknowledgement({ activity, actor }: CareEvent, isOwn: (actor: string) => boolean): boolean {
  return activity === "result.acknowledged" && !(actor !== undefined && isOwn(actor));
}

function isSame(persons: Persons, one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && persons.personOf(one) === persons.personOf(other);
}
