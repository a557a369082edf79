import type { Activity } from "./activity.ts";
import type { Gap } from "./loop.ts";
import { madeFrom } from "./made-from.ts";
import { cancellingActivities, openingActivities } from "./signal-activities.ts";
import type { Signal } from "./signal.ts";

/** What would have cancelled the loop; `no-data` does not exclude, and is told apart from `not-met`. */
export interface Exclusion {
  readonly name: string;
  readonly outcome: "met" | "not-met" | "no-data";
}

/** What is known of a loop that its exclusions depend on. */
export interface Excluding {
  readonly voided: boolean;
  /** What the event that cancelled it was. */
  readonly cancelledBy?: Activity;
  /** What may have cancelled it: it happened at some time before the one that is recorded. */
  readonly perhapsCancelledBy: readonly Activity[];
  /** What would have kept it from opening, as detection found it. */
  readonly lookBacks?: readonly Exclusion[];
  /** Of closing and of cancelling feeds. */
  readonly gaps: readonly Gap[];
  /** Resource types that the site has. */
  readonly feeds: ReadonlySet<string>;
}

/** Every exclusion of a signal, as it turned out for one loop: those that the signal names, and those of every loop. */
export function exclusionsOf(signal: Signal, loop: Excluding): Exclusion[] {
  const opens = openingActivities(signal);
  const named = cancellingActivities(signal);
  const isResult = signal.loop !== undefined && opens.some((activity) => activity.startsWith("result."));
  const perhaps = (activities: readonly Activity[]): boolean => loop.perhapsCancelledBy.some((each) => activities.includes(each));
  const isCancelledBy = (activities: readonly Activity[]): boolean =>
    loop.cancelledBy !== undefined && activities.includes(loop.cancelledBy);
  return [
    ...(loop.lookBacks ?? []),
    ...named.map((activity) => ({
      name: nameOf(activity),
      outcome: outcomeOf(isCancelledBy([activity]), perhaps([activity]), madeFrom[activity] ?? [], loop),
    })),
    // The next version of a result takes over.
    ...(isResult ? [{ name: "newer-version", outcome: outcomeOf(isCancelledBy(opens), false, ["DiagnosticReport"], loop) }] : []),
    { name: "entered-in-error", outcome: loop.voided ? ("met" as const) : ("not-met" as const) },
  ];
}

/** `result.withdrawn` → `withdrawn`. */
function nameOf(activity: Activity): string {
  return activity.slice(activity.indexOf(".") + 1);
}

/** Feeds that the site does not have are no gap where another carries the same. */
function outcomeOf(isMet: boolean, isUnsure: boolean, types: readonly string[], { gaps, feeds }: Excluding): Exclusion["outcome"] {
  if (isMet) return "met";
  const isBlind = isUnsure || !types.some((type) => feeds.has(type)) || gaps.some(({ type }) => types.includes(type));
  return isBlind ? "no-data" : "not-met";
}
