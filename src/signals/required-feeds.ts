import { closingFeeds, openingFeeds } from "../detect/signal-feeds.ts";
import { cancellingActivities } from "../domain/signal-activities.ts";
import { feedTypes, type MadeFrom } from "../domain/made-from.ts";
import type { Signal } from "../domain/signal.ts";

/** The feeds that a signal needs, by resource type, and for what. */
export interface RequiredFeeds {
  readonly opening: readonly string[];
  readonly closing: readonly string[];
  readonly cancelling: readonly string[];
  /** Not events: what urgency and setting are read from. */
  readonly attributes: readonly string[];
}

/** By the site's mapping, else by the default one. */
export function requiredFeeds(signal: Signal, madeFrom?: MadeFrom): RequiredFeeds {
  const { loop, sequence } = signal;
  const conditions = [...(loop?.opens ?? []), ...(loop?.limits ?? []), ...(sequence?.steps ?? [])].map(({ where }) => where);
  return {
    opening: openingFeeds(signal),
    closing: closingFeeds(signal, madeFrom),
    cancelling: feedTypes(cancellingActivities(signal)),
    attributes: [
      ...(conditions.some((where) => where?.setting) ? ["Encounter"] : []),
      ...(conditions.some((where) => where?.urgency) ? ["Observation"] : []),
    ],
  };
}

export function allRequiredFeeds(signal: Signal): string[] {
  return [...new Set(Object.values(requiredFeeds(signal)).flat() as string[])].sort();
}
