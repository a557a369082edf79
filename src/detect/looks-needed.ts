import type { CareEvent } from "../domain/care-event.ts";
import { openingActivities } from "../domain/signal-activities.ts";
import { isOnPatient } from "./is-on-patient.ts";
import type { FirstLook, LooksAsked } from "./looks-asked.ts";
import { mayOpen, openingsOf } from "./openings.ts";
import { isOfLoops, isOfSequences } from "./signal-template.ts";

/** Whose looks, and at which records, bear on what is judged of a patient. */
export interface LooksNeeded {
  /** Persons, under any of their names. */
  readonly actors: ReadonlySet<string>;
  readonly subjects: ReadonlySet<string>;
}

/**
 * Worked out of what else is held of the patient, from the retention line on: looks by whoever did what a sequence begins with, for it
 * asks whether they had looked before; looks at the records on which a loop may have opened that a look closes; and looks by
 * whoever ordered something for a patient who has results.
 */
export function looksNeeded({ told }: LooksAsked, events: readonly CareEvent[]): LooksNeeded {
  const actors = new Set<string>();
  const subjects = new Set<string>();
  for (const history of told) {
    const begins = new Set(history.versions.flatMap(({ signal }) => openingActivities(signal)));
    for (const event of events) {
      if (!begins.has(event.activity)) continue;
      if (isOfLoops(history)) subjects.add(event.subject);
      else if (isOfSequences(history) && event.actor !== undefined) actors.add(event.actor);
    }
  }
  return { actors, subjects };
}

/** Whoever's looks may make an order of theirs an action on a result of the patient (`actions.ts`). */
export function raisingActors({ raising }: LooksAsked, events: readonly CareEvent[]): Set<string> {
  if (!raising || !events.some(({ result }) => result !== undefined)) return new Set();
  const isRaised = ({ activity, grade, byPerson }: CareEvent): boolean => activity === "result.actioned" && grade === 1 && byPerson;
  return new Set(events.filter(isRaised).flatMap(({ actor }) => actor ?? []));
}

/** The records of a patient on which a look would count as seen by a signal that closes with it. */
export function recordsClosed({ closes }: FirstLook, events: readonly CareEvent[]): string[] {
  const newest = closes?.versions.at(-1)?.signal;
  if (!closes || !newest) return [];
  const onSubjects = Map.groupBy(
    events.filter((event) => !isOnPatient(event)),
    (event) => event.subject,
  );
  return [...onSubjects].filter(([, onSubject]) => mayOpen(newest, openingsOf(closes, onSubject))).map(([subject]) => subject);
}
