import type { Activity, Grade } from "../domain/activity.ts";
import type { ClosingClause, LoopSignal, Signal } from "../domain/signal.ts";
import { askedBy } from "../domain/wanted.ts";
import type { SignalHistory } from "./detection.ts";
import { isOfLoops } from "./signal-template.ts";

/** What most of an audit trail says: somebody looked at a result, searched for some, or opened a chart. */
export const lookActivities = ["result.viewed", "chart.opened"] as const satisfies readonly Activity[];

/** Which looks bear on what signals say; detection reads no others. */
export interface LooksAsked {
  /** Some signal takes these as such. */
  readonly named: readonly Activity[];
  /** Of those the ones that some signal takes in such a way that any of them may bear on it. */
  readonly all: readonly Activity[];
  /** Looks at results by whoever ordered something for the patient: they make it an action on the result (grade 2). */
  readonly raising: boolean;
  /** Signals that take looks as closing evidence on the opening's record alone, or as what the same person had not done before. */
  readonly told: readonly SignalHistory[];
  /** What those signals count as seen: of each the first is enough. */
  readonly firsts: readonly FirstLook[];
}

/** The first look that a signal would take, whatever it would have closed. */
export interface FirstLook {
  readonly activity: readonly Activity[];
  readonly gradeAtLeast: Grade;
  readonly by: "person" | "anyone";
  /** Only on a record on which this signal may open; absent: on any. */
  readonly closes?: SignalHistory<LoopSignal>;
}

export function looksAsked(histories: readonly SignalHistory[]): LooksAsked {
  const signals = histories.flatMap(({ versions }) => versions.map(({ signal }) => signal));
  const asked = askedBy(signals);
  const named = lookActivities.filter((activity) => asked.has(activity));
  const taken = new Set(signals.flatMap(takenAnyhow));
  const all = named.filter((activity) => taken.has(activity));
  const some = named.filter((activity) => !taken.has(activity));
  const told = histories.filter(({ versions }) => {
    const ofSignal = askedBy(versions.map(({ signal }) => signal));
    return some.some((look) => ofSignal.has(look));
  });
  return { named, all, raising: asked.has("result.actioned"), told, firsts: told.flatMap((history) => firstLooks(history, some)) };
}

/** Activities of which nothing but the signal's own reading tells which bear on it. */
function takenAnyhow({ loop, sequence }: Signal): Activity[] {
  if (sequence) {
    const { steps, without } = sequence;
    const isBySame = without?.same.includes("actor") ?? false;
    return [...steps.flatMap(({ activity }) => activity), ...(without?.since ?? []), ...(isBySame ? [] : (without?.activity ?? []))];
  }
  const { opens, closes, cancels, unless = [] } = loop;
  const before = opens.flatMap(({ after = [] }) => after);
  // Whether a dose was due is known only once its schedule is unfolded.
  const isUnfolded = opens.some(({ activity }) => activity.includes("dose.due"));
  return [
    ...[...opens, ...before, ...unless, ...cancels].flatMap(({ activity }) => activity),
    ...before.flatMap(({ beforeFirst = [] }) => beforeFirst),
    ...closes.filter((clause) => isUnfolded || isNarrowed(clause)).flatMap(({ activity }) => activity),
  ];
}

/** It asks for more of a look than who looked how, and on the opening's record. */
function isNarrowed({ same, where, via }: ClosingClause): boolean {
  return same !== undefined || where !== undefined || via !== undefined;
}

function firstLooks(history: SignalHistory, some: readonly Activity[]): FirstLook[] {
  const newest = history.versions.at(-1)?.signal;
  if (isOfLoops(history)) {
    // Nothing but a look at the record itself closes what was opened there.
    const look = some.filter((activity) => activity === "result.viewed");
    const closes = newest?.loop?.closes.filter(({ activity }) => look.some((each) => activity.includes(each))) ?? [];
    return closes.map(({ gradeAtLeast = 0, by }) => ({ activity: look, gradeAtLeast, by, closes: history }));
  }
  const without = newest?.sequence?.without;
  const activity = some.filter((look) => without?.activity.includes(look));
  return without && activity.length > 0 ? [{ activity, gradeAtLeast: without.gradeAtLeast, by: without.by }] : [];
}
