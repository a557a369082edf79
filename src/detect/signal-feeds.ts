import type { CareEvent } from "../domain/care-event.ts";
import { feedTypes, type MadeFrom } from "../domain/made-from.ts";
import type { Signal } from "../domain/signal.ts";

export function openingActivities(signal: Signal): CareEvent["activity"][] {
  return signal.loop.opens.flatMap((clause) => clause.activity);
}

const resultVersions: readonly CareEvent["activity"][] = ["result.preliminary", "result.issued", "result.amended"];

/** What is a newer version of what opened: any later version of a result; else an opening of the signal. */
export function versionActivities(signal: Signal): readonly CareEvent["activity"][] {
  const opening = openingActivities(signal);
  return opening.some((activity) => resultVersions.includes(activity)) ? [...opening, ...resultVersions] : opening;
}

/** Feeds that could carry closing evidence of a signal, by the site's mapping; else by the default one. */
export function closingFeeds(signal: Signal, madeFrom?: MadeFrom): string[] {
  return [...new Set(signal.loop.closes.flatMap((clause) => feedTypes(clause.activity, clause.gradeAtLeast, madeFrom)))].sort();
}
