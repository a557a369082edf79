import type { Activity } from "../domain/activity.ts";
import { feedTypes, madeFrom as usualMadeFrom, type MadeFrom } from "../domain/made-from.ts";
import { oncePer } from "../domain/once-per.ts";
import { openingActivities } from "../domain/signal-activities.ts";
import type { Signal } from "../domain/signal.ts";

const resultVersions: readonly Activity[] = ["result.preliminary", "result.issued", "result.amended"];

/** What is a newer version of what opened: any later version of a result; else an opening of the signal. */
export const versionActivities = oncePer((signal: Signal): ReadonlySet<Activity> => {
  const opening = openingActivities(signal);
  return new Set(opening.some((activity) => resultVersions.includes(activity)) ? [...opening, ...resultVersions] : opening);
});

/** Feeds that could carry what begins a signal; of a sequence every step, for without one of them it is none. */
export function openingFeeds(signal: Signal, madeFrom?: MadeFrom): string[] {
  const steps = signal.sequence?.steps.flatMap((step) => step.activity) ?? openingActivities(signal);
  return feedTypes(steps, 3, madeFrom);
}

/** Feeds that could carry closing evidence of a signal, by the site's mapping; else by the default one. */
export function closingFeeds(signal: Signal, madeFrom: MadeFrom = usualMadeFrom): readonly string[] {
  return closingFeedsOf(madeFrom)(signal);
}

const closingFeedsOf = oncePer((madeFrom: MadeFrom) =>
  oncePer(({ loop, sequence }: Signal): readonly string[] => {
    const clauses = loop?.closes ?? (sequence?.without ? [sequence.without] : []);
    return [...new Set(clauses.flatMap((clause) => feedTypes(clause.activity, clause.gradeAtLeast, madeFrom)))].sort();
  }),
);

/** A signal none of whose closing activities any feed of the site can carry does not run; a sequence needs each of its steps. */
export function canCarry({ loop, sequence }: Signal, has: (type: string) => boolean, madeFrom: MadeFrom): boolean {
  const isCarried = (activity: readonly Activity[]) => feedTypes(activity, 3, madeFrom).some(has);
  if (loop) return loop.closes.some((clause) => isCarried(clause.activity));
  return sequence.steps.every((step) => isCarried(step.activity)) && (!sequence.without || isCarried(sequence.without.activity));
}
