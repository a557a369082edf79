import type { Gap } from "../domain/loop.ts";
import type { Instant, Interval } from "../domain/instant.ts";
import { intersect, subtract } from "../domain/interval.ts";
import { oncePer } from "../domain/once-per.ts";
import type { FeedView, PatientView, SiteView } from "./detection.ts";

export interface Blindness {
  readonly gaps: readonly Gap[];
  /** All of it is the end of the window, because the feeds have not got there yet. */
  readonly onlyTailIsOpen: boolean;
}

/** What was not seen of `[from, to)` in these feeds, as far as the site has them. */
export function findGaps(
  view: SiteView,
  patient: PatientView,
  types: readonly string[],
  subject: string,
  from: Instant,
  to: Instant,
): Blindness {
  const window = [{ from, to }];
  const gaps: Gap[] = [];
  let onlyTailIsOpen = true;
  for (const type of types) {
    const feed = view.feeds.get(type);
    if (!feed) continue;
    // Most windows were seen whole, and years of coverage need not be gone through to know it.
    const wasSeen = from < to && isWithin(seenBy(feed), from, to);
    const blind = wasSeen ? [] : blindIntervals(feed, window);
    gaps.push(...blind.map((gap) => ({ type, ...gap })));
    if (!wasSeen && !isTail(feed, subtract(window, seenBy(feed)), to)) onlyTailIsOpen = false;
    if (from < to && isQuarantined(patient, type, subject)) {
      gaps.push({ type, why: "quarantined", from, to });
      onlyTailIsOpen = false;
    }
  }
  return { gaps, onlyTailIsOpen };
}

function blindIntervals(feed: FeedView, window: readonly Interval[]): Omit<Gap, "type">[] {
  const name = (why: Gap["why"], intervals: readonly Interval[]) => intervals.map((interval) => ({ why, ...interval }));
  return [
    ...name("not-covered", subtract(subtract(window, feed.covered), feed.outages)),
    ...name("outage", subtract(intersect(window, feed.outages), feed.covered)),
    ...name("silent", intersect(intersect(window, feed.covered), feed.silent)),
    ...name("unreadable", intersect(intersect(window, feed.covered), feed.unreadable)),
  ];
}

/** Covered, less the hours that were silent or unreadable. */
export const seenBy = oncePer((feed: FeedView): readonly Interval[] => subtract(feed.covered, [...feed.silent, ...feed.unreadable]));

/** Whether one of these intervals, sorted and apart, holds all of `[from, to)`. */
function isWithin(intervals: readonly Interval[], from: Instant, to: Instant): boolean {
  let [low, high] = [0, intervals.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((intervals[middle]?.from ?? Infinity) <= from) low = middle + 1;
    else high = middle;
  }
  return (intervals[low - 1]?.to ?? -Infinity) >= to;
}

/** What is open ends the window, and nothing later is covered. */
function isTail(feed: FeedView, open: readonly Interval[], to: Instant): boolean {
  const [first] = open;
  if (!first) return true;
  return open.length === 1 && first.to === to && seenBy(feed).every((covered) => covered.to <= first.from);
}

function isQuarantined(patient: PatientView, type: string, subject: string): boolean {
  return (patient.quarantined.bySubject.get(subject) ?? []).includes(type) || patient.quarantined.ofPatient.includes(type);
}
