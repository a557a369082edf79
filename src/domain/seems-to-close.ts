import type { Finding, ShownEvidence } from "./finding.ts";
import { closingActivities } from "./signal-activities.ts";
import type { Signal } from "./signal.ts";

/**
 * Whether a person would take this for what was expected, though it closed nothing: a biochemist's own verification, a
 * program's acknowledgement. Whoever reads it must not think that it was overlooked.
 */
export function seemsToClose(
  { openedAt, metAt }: Pick<Finding, "openedAt" | "metAt">,
  signal: Signal,
  { activity, at, did, atOrBefore }: ShownEvidence,
): boolean {
  if (did !== undefined || atOrBefore === true) return false;
  const isWhatCloses = signal.loop !== undefined && closingActivities(signal).includes(activity);
  return isWhatCloses && Date.parse(at) >= Date.parse(openedAt) && (metAt === null || Date.parse(at) < Date.parse(metAt));
}
