import type { CareEvent } from "../domain/care-event.ts";
import type { LoopSignal } from "../domain/signal.ts";
import { signalInForce, type SignalHistory } from "./detection.ts";
import { byTime } from "./due.ts";
import { versionActivities } from "./signal-feeds.ts";

/** Of one record's events those of an opening activity or of its kin, in order: each is a newer version of the one before, whether or not it opens a loop. */
export function openingsOf(history: SignalHistory<LoopSignal>, onSubject: readonly CareEvent[]): CareEvent[] {
  return onSubject
    .filter((event) => event.subjectRead && versionActivities(signalInForce(history, event.at)).has(event.activity))
    .sort(byTime);
}

/** Whether a record with these openings is of the kind that a signal opens on. */
export function mayOpen({ loop }: LoopSignal, openings: readonly CareEvent[]): boolean {
  const kinds = loop.opens.flatMap((clause) => clause.where?.kind ?? []);
  return openings.some((opening) => kinds.length === 0 || (opening.kind !== undefined && kinds.includes(opening.kind)));
}
