import type { Interval } from "../domain/instant.ts";
import type { MadeFrom } from "../domain/made-from.ts";
import { closingActivities, openingActivities } from "../domain/signal-activities.ts";
import { showIntervals } from "../domain/show-times.ts";
import type { Signal } from "../domain/signal.ts";
import { activityPhrases } from "../domain/activity-phrases.ts";
import { requiredFeeds } from "../signals/required-feeds.ts";

/** What a site has to judge a signal with. */
export interface Sight {
  /** Feeds that the site has, by resource type, with what of each was not seen while it was watched. */
  readonly gaps: ReadonlyMap<string, readonly Interval[]>;
  /** Whether some feed could carry what ends its loops. */
  readonly canRun: boolean;
  /** What its mapping makes each activity from; absent: as the default one does. */
  readonly madeFrom?: MadeFrom;
  /** Whether anything that would end a loop of it was ever recorded here; absent where it has not been judged yet. */
  readonly closingSeen?: boolean;
  /** It is about a sample of a source: what is not in it may be in the rest. */
  readonly isSample?: true;
}

/** A reason, and what to do about it; `gaps` where it is about some time. */
export interface Shortcoming {
  readonly kind: "no-opening-feed" | "no-closing-feed" | "gap" | "never-seen" | "unread-feed" | "cancelling-gap";
  readonly says: string;
  readonly mend: string;
  readonly gaps: readonly Interval[];
}

/** With the times that it is about, and what to do. */
export function sayShortcoming({ says, mend, gaps }: Shortcoming): string {
  return `${says}${gaps.length > 0 ? ` (${showIntervals(gaps)}).` : ""} ${mend}`;
}

export interface Readiness {
  readonly id: string;
  readonly version: number;
  readonly isOn: boolean;
  /** `blind`: it runs, and part of what it needs is not seen. */
  readonly state: "runs" | "blind" | "cannot-run";
  /** Why it does not simply run. */
  readonly because: readonly Shortcoming[];
  /** What would make it surer. */
  readonly besides: readonly Shortcoming[];
}

/** Can this site's records feed this signal? What is missing, and what to do about it. */
export function judgeReadiness(signal: Signal, isOn: boolean, sight: Sight): Readiness {
  const feeds = requiredFeeds(signal, sight.madeFrom);
  const has = (type: string): boolean => sight.gaps.has(type);
  const because: Shortcoming[] = [];
  if (!feeds.opening.some(has)) because.push(noFeed("no-opening-feed", openingActivities(signal), feeds.opening));
  // A sequence has nothing that ends it where it has no "without": what begins it is missing, and said already.
  const closing = closingActivities(signal);
  if (!sight.canRun && closing.length > 0) because.push(noFeed("no-closing-feed", closing, feeds.closing));
  const cannotRun = because.length > 0 || !sight.canRun;
  if (!cannotRun) {
    because.push(
      ...gapsOf(feeds.opening, sight, (types) => `${types} not looked at: what opened then is in no list`),
      ...gapsOf(
        feeds.closing.filter((type) => !feeds.opening.includes(type)),
        sight,
        (types) => `${types} not seen: a loop that nothing else ended by then is unknown`,
      ),
    );
    if (sight.closingSeen === false) because.push(neverSeen(signal, feeds.closing.filter(has), sight.isSample ?? false));
  }
  const unread = [...feeds.closing, ...feeds.attributes].filter((type) => !has(type));
  const cancelling = feeds.cancelling.filter((type) => !feeds.opening.includes(type) && !feeds.closing.includes(type));
  return {
    id: signal.id,
    version: signal.version,
    isOn,
    state: cannotRun ? "cannot-run" : because.length > 0 ? "blind" : "runs",
    because,
    besides: cannotRun ? [] : [...unread.map(unreadFeed), ...cancellingGaps(cancelling, sight)],
  };
}

function noFeed(
  kind: "no-opening-feed" | "no-closing-feed",
  activities: readonly (keyof typeof activityPhrases)[],
  types: readonly string[],
): Shortcoming {
  const happens = [...new Set(activities)].map((activity) => activityPhrases[activity]).join(", or ");
  return {
    kind,
    says: `Nothing that is read here can say that ${happens}.`,
    mend: `Export ${listed(types)} as well, and scan again.`,
    gaps: [],
  };
}

/** Feeds of one export mostly fail together: those with the same gaps are told together. */
function gapsOf(types: readonly string[], { gaps }: Sight, say: (types: string) => string): Shortcoming[] {
  const alike = Map.groupBy(
    types.filter((type) => (gaps.get(type) ?? []).length > 0),
    (type) => JSON.stringify(gaps.get(type)),
  );
  return [...alike.values()].map((same) => ({
    kind: "gap",
    says: say(`${listed(same, "and")} ${same.length === 1 ? "was" : "were"}`),
    mend: `Export ${listed(same, "and")} of that time, and say in coverage.json that it is covered.`,
    gaps: gaps.get(same[0] ?? "") ?? [],
  }));
}

function neverSeen(signal: Signal, types: readonly string[], isSample: boolean): Shortcoming {
  const phrases = [...new Set(closingActivities(signal))].map((activity) => activityPhrases[activity]);
  return {
    kind: "never-seen",
    says: isSample
      ? `In what was sampled nobody recorded, in a form that we read, that ${phrases.join(", or ")}. If it is so everywhere, every loop past its due is unknown.`
      : `Nobody ever recorded here, in a form that we read, that ${phrases.join(", or ")}: every loop past its due is unknown.`,
    mend: `Ask how this EPR records it, and say so in a mapping file (fixtures/mapping.example.yaml shows how); and whether its ${listed(types)} are exported whole.`,
    gaps: [],
  };
}

function unreadFeed(type: string): Shortcoming {
  return {
    kind: "unread-feed",
    says: `${type} is not read here; what it says is missing from the evidence, and not looked for.`,
    mend: `If this EPR writes ${type}, export it as well.`,
    gaps: [],
  };
}

function cancellingGaps(types: readonly string[], sight: Sight): Shortcoming[] {
  const found = gapsOf(types, sight, (names) => `${names} not seen: some loops may have been cancelled then`);
  return found.map((each) => ({ ...each, kind: "cancelling-gap" }));
}

function listed(types: readonly string[], word: "and" | "or" = "or"): string {
  return types.length < 2 ? types.join("") : `${types.slice(0, -1).join(", ")} ${word} ${types.at(-1) ?? ""}`;
}
