import type { CareEvent } from "../domain/care-event.ts";
import { raisedActions } from "./actions.ts";
import type { Persons } from "./detection.ts";
import { laboratorysOwn } from "./evidence.ts";

/** What there is on one record, whatever signal looks at it. */
export interface SubjectEvents {
  readonly events: readonly CareEvent[];
  /** Those, and actions on the patient that count as actions on it. */
  readonly candidates: readonly CareEvent[];
  /** Whether an actor is the laboratory's own. */
  readonly own: (actor: string) => boolean;
  /** Entered in error, the record voids every loop on it, also those that something else opened there. */
  readonly isVoided: boolean;
  readonly isWithdrawn: boolean;
}

export function subjectEvents(events: readonly CareEvent[], onPatient: readonly CareEvent[], persons: Persons): SubjectEvents {
  const results = events.filter((event) => event.result !== undefined);
  const own = laboratorysOwn(results, persons);
  return {
    events,
    candidates: [...events, ...raisedActions(results, events, onPatient, persons, own)],
    own,
    isVoided: events.some((event) => event.voided),
    isWithdrawn: events.some((event) => event.activity === "result.withdrawn"),
  };
}
