import type { Activity } from "../domain/activity.ts";
import type { Signal } from "../domain/signal.ts";

/** What signals look at on other records of the patient than the opening's own. */
export interface JoinedActivities {
  /** What closes or cancels: a new one may end any loop of the patient that was open then. */
  readonly ending: ReadonlySet<Activity>;
  /** What openings rest on, however long before: read whole. */
  readonly before: ReadonlySet<Activity>;
  /** Of those, what is looked for however old it is: a condition is recorded once. */
  readonly ever: ReadonlySet<Activity>;
  /** The longest look-back, in milliseconds; records are kept at least so long. */
  readonly lookBackMs: number;
}

export function joinedActivities(signals: readonly Signal[]): JoinedActivities {
  const loops = signals.flatMap(({ loop }) => loop ?? []);
  const steps = loops.flatMap(({ opens }) => opens.flatMap(({ after = [] }) => after));
  const changing = loops.flatMap(({ closes }) => closes.filter(({ changed }) => changed));
  const lookBacks = loops.flatMap(({ unless = [] }) => unless);
  return {
    ending: new Set([
      ...loops.flatMap(({ closes }) => closes.filter(({ same }) => same !== undefined).flatMap(({ activity }) => activity)),
      ...loops.flatMap(({ cancels }) => cancels.filter(({ same }) => same !== "subject").flatMap(({ activity }) => activity)),
    ]),
    before: new Set([
      ...[...steps, ...lookBacks, ...changing].flatMap(({ activity }) => activity),
      // The order that says when doses are due may be old.
      ...loops.flatMap(({ opens }) => opens.flatMap(({ activity }) => activity.filter((each) => each === "dose.due"))),
    ]),
    ever: new Set(
      [...steps, ...lookBacks].filter(({ withinMs }) => withinMs === undefined).flatMap(({ activity }) => activity.filter(isForLife)),
    ),
    lookBackMs: Math.max(0, ...[...steps, ...lookBacks].map(({ withinMs = 0 }) => withinMs)),
  };
}

/** Nothing but that: what opens loops must not be read from before the retention line. */
function isForLife(activity: Activity): boolean {
  return activity === "condition.recorded";
}
