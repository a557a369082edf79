import type { CareEvent } from "../domain/care-event.ts";
import { isByActor } from "../domain/by-actor.ts";
import type { Instant } from "../domain/instant.ts";
import type { Loop } from "../domain/loop.ts";
import type { PatientView, SignalHistory, SiteView } from "./detection.ts";
import { sequenceEvents } from "./sequence-events.ts";
import { SequenceScope } from "./sequence-scope.ts";
import { isOfSequences } from "./signal-template.ts";

/** A sequence that crosses patients, with the patient of its first step (as the events name patients). */
export interface ActorLoop {
  readonly patient: string | undefined;
  readonly loop: Loop;
}

/** The sequences of one person's acts on all patients at `now`: pure, the same for the same arguments. */
export function detectActor(view: SiteView, events: readonly CareEvent[], now: Instant): ActorLoop[] {
  const held = events.filter((event) => event.at <= now);
  const inOrder = sequenceEvents(held, acrossPatients.persons);
  const patientOf = new Map(held.map((event) => [event.id, event.patient]));
  return view.signals.flatMap((history) => {
    if (!isJudgedByActor(history) || !isOfSequences(history)) return [];
    const loops = new SequenceScope(history, inOrder, acrossPatients, view).occurrences();
    return loops.map((loop) => ({ patient: patientOf.get(loop.opening), loop }));
  });
}

/** By the newest version: that a signal crosses patients is of its kind, as its template is. */
export function isJudgedByActor({ versions }: SignalHistory): boolean {
  const newest = versions.at(-1);
  return newest !== undefined && isByActor(newest.signal);
}

/** All of it was done by one person, and no gap bears on it: nothing is looked for in vain. */
const acrossPatients: PatientView = {
  events: [],
  across: true,
  persons: { personOf: () => "the person", organisationsOf: () => [] },
  quarantined: { bySubject: new Map(), ofPatient: [] },
};
