import { usualActivities, type Activity } from "./activity.ts";
import type { CareEvent } from "./care-event.ts";
import type { SeriesSignal } from "./series.ts";
import type { Signal, Where } from "./signal.ts";

/**
 * The care events that are made at a site: by activity, of every code or of some. What no signal that runs asks for would
 * be thousands of rows a patient (every value of every panel), so it is not made.
 */
export type Wanted = ReadonlyMap<Activity, "all" | ReadonlySet<string>>;

/** Where no signal asks for more. */
export const usuallyWanted: Wanted = new Map(usualActivities.map((activity) => [activity, "all"]));

/** What is made where these signals and series run: what they ask for, and what is made whatever runs. */
export function wantedBy(signals: Iterable<Signal>, series: Iterable<SeriesSignal> = []): Wanted {
  return ask([...[...signals].flatMap(clausesOf), ...[...series].flatMap(measuredBy)], usualActivities);
}

/** What these signals ask for, by their openings, closings, exclusions and steps. */
export function askedBy(signals: Iterable<Signal>): Wanted {
  return ask([...signals].flatMap(clausesOf), []);
}

interface Asking {
  readonly activity: readonly Activity[];
  readonly where?: Where;
}

function ask(asking: readonly Asking[], anyway: readonly Activity[]): Wanted {
  const wanted = new Map<Activity, "all" | Set<string>>(anyway.map((activity) => [activity, "all"]));
  for (const { activity, where } of asking) {
    const codes = where?.code?.flatMap((set) => set.codings.map(({ system = "", code }) => `${system}|${code}`));
    for (const each of activity) {
      const held = wanted.get(each);
      wanted.set(each, held === "all" || !codes ? "all" : new Set([...(held ?? []), ...codes]));
    }
  }
  // A dose that was left out, and said to be, is evidence beside the one that was due.
  if (wanted.has("dose.due")) wanted.set("dose.omitted", "all");
  return wanted;
}

function clausesOf({ loop, sequence }: Signal): Asking[] {
  if (sequence) return [...sequence.steps, ...(sequence.without ? [sequence.without, { activity: sequence.without.since }] : [])];
  const { opens, closes, cancels, unless = [] } = loop;
  const before = opens.flatMap(({ after = [] }) => after);
  const ends = before.flatMap(({ beforeFirst = [] }) => beforeFirst);
  return [...opens, ...before, { activity: ends }, ...closes, ...cancels, ...unless];
}

function measuredBy({ series: { number } }: SeriesSignal): Asking[] {
  return number.what === "records" ? [] : [{ activity: number.activity, ...(number.code && { where: { code: number.code } }) }];
}

export function isWanted({ activity, code }: Pick<CareEvent, "activity" | "code">, wanted: Wanted): boolean {
  const codes = wanted.get(activity);
  if (codes === undefined || codes === "all") return codes === "all";
  return (code?.codings ?? []).some(({ system = "", code: each }) => codes.has(`${system}|${each}`));
}

const copy = "by-actor";

/** What is wanted, and copied by who did it, as texts: of two sets the one holds the other where its texts do. */
export function listWanted(wanted: Wanted, copied: Iterable<Activity> = []): string[] {
  const made = [...wanted].flatMap(([activity, codes]) =>
    codes === "all" ? [`${activity} all`] : [...codes].map((code) => `${activity} ${code}`),
  );
  return [...made, ...[...copied].map((activity) => `${copy} ${activity}`)].sort();
}

/** What of such a list another lacks: which activities, and whether any that is copied. */
export function missingOf(asked: readonly string[], made: readonly string[]): { activities: ReadonlySet<Activity>; isCopied: boolean } {
  const isMade = new Set(made);
  const activities = new Set<Activity>();
  let isCopied = false;
  for (const text of asked) {
    const activity = text.slice(0, text.indexOf(" "));
    if (isMade.has(text) || isMade.has(`${activity} all`)) continue;
    if (activity === copy) isCopied = true;
    else activities.add(activity as Activity);
  }
  return { activities, isCopied };
}
