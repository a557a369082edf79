import type { Activity } from "./activity.ts";
import type { Join, SequenceStep, Signal } from "./signal.ts";

/** What keeps a step within one patient's records. */
const withinPatient: readonly Join[] = ["subject", "patient", "order", "encounter"];

/** Whether a later step is looked for among all that the same person did, whoever the patient. */
export function isAcrossPatients({ same }: Pick<SequenceStep, "same">): boolean {
  return same.includes("actor") && !withinPatient.some((join) => same.includes(join));
}

/** Whether a signal is a sequence that crosses patients, and so is judged by who acted. */
export function isByActor({ sequence }: Signal): boolean {
  return sequence?.steps.slice(1).some(isAcrossPatients) ?? false;
}

/** Which care events are copied by who did them, for the signals that ask. */
export function copiedBy(signals: Iterable<Signal>): ReadonlySet<Activity> {
  const steps = [...signals].filter(isByActor).flatMap(({ sequence }) => sequence?.steps ?? []);
  return new Set(steps.flatMap(({ activity }) => activity));
}
