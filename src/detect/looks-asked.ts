import type { Activity } from "../domain/activity.ts";
import type { Signal } from "../domain/signal.ts";
import { askedBy } from "../domain/wanted.ts";

/** What most of an audit trail says: somebody looked at a result, searched for some, or opened a chart. */
export const lookActivities = ["result.viewed", "chart.opened"] as const satisfies readonly Activity[];

/** Which looks bear on what signals say; detection reads no others. */
export interface LooksAsked {
  /** Some signal takes these as such. */
  readonly named: readonly Activity[];
  /** Looks at results by whoever ordered something for the patient: they make it an action on the result (grade 2). */
  readonly raising: boolean;
}

export function looksAsked(signals: Iterable<Signal>): LooksAsked {
  const asked = askedBy(signals);
  return { named: lookActivities.filter((activity) => asked.has(activity)), raising: asked.has("result.actioned") };
}
