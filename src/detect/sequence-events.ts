import type { Activity } from "../domain/activity.ts";
import type { CareEvent } from "../domain/care-event.ts";
import type { Persons } from "./detection.ts";
import { byTime } from "./due.ts";
import { laboratorysOwnAmong } from "./evidence.ts";

/** The events of a patient, or of a person, as sequences look at them, whatever signal it is. */
export interface SequenceEvents {
  /** In their order. */
  readonly events: readonly CareEvent[];
  readonly activities: ReadonlySet<Activity>;
  /** Records that turned out entered in error: every loop on them is voided, sequences too. */
  readonly voided: ReadonlySet<string>;
  readonly isLaboratorysOwn: (event: CareEvent) => boolean;
}

export function sequenceEvents(held: readonly CareEvent[], persons: Persons): SequenceEvents {
  const events = [...held].sort(byTime);
  return {
    events,
    activities: new Set(events.map(({ activity }) => activity)),
    voided: new Set(events.filter((event) => event.voided).map((event) => event.subject)),
    isLaboratorysOwn: laboratorysOwnAmong(events, persons),
  };
}
