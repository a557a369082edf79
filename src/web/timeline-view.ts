import type { Finding } from "../domain/finding.ts";
import type { Instant } from "../domain/instant.ts";
import type { Signal } from "../domain/signal.ts";
import { activityWords, gradeWords } from "./activity-words.ts";
import { seemsToClose } from "../domain/seems-to-close.ts";
import { showTime, type ShownTime } from "./show-time.ts";

/** A line of the timeline: a care event, or a time that counts. */
export interface TimelineItem {
  readonly at: ShownTime;
  readonly atOrBefore: boolean;
  readonly text: string;
  /** What it did to what was expected. */
  readonly did: string | undefined;
  readonly who: string | undefined;
  readonly grade: string | undefined;
  readonly record: string | null;
  readonly isMark: boolean;
}

const didWords = {
  opened: "This opened it",
  followed: "This followed",
  closed: "This closed it",
  cancelled: "This cancelled it",
  nothing: "Did not close it: by whom, or how, it was recorded is not what this signal asks for",
} as const;

/** The evidence by time, with when it was due and when it was judged put where they belong. */
export function viewTimeline(
  finding: Finding,
  signal: Signal,
  names: ReadonlyMap<string, string>,
  judgedAt: Instant,
  timeZone: string,
): TimelineItem[] {
  const { evidence, dueAt, verdict } = finding;
  const events = evidence.map((each) => {
    const { activity, at, actor, record, grade, did, atOrBefore } = each;
    return {
      instant: Date.parse(at),
      at: showTime(Date.parse(at), timeZone),
      atOrBefore: atOrBefore ?? false,
      text: activityWords[activity],
      did: did ? didWords[did] : seemsToClose(finding, signal, each) ? didWords.nothing : undefined,
      who: actor === null ? "Nobody is named" : `By ${names.get(actor) ?? actor}`,
      grade: gradeWords[grade],
      record,
      isMark: false,
    };
  });
  const mark = (instant: Instant, text: string) => ({
    instant,
    at: showTime(instant, timeZone),
    atOrBefore: false,
    text,
    did: undefined,
    who: undefined,
    grade: undefined,
    record: null,
    isMark: true,
  });
  const marks = [
    ...(dueAt === null ? [] : [mark(Date.parse(dueAt), verdict === "missed" ? "Due, and not done" : "Due")]),
    ...(judgedAt > 0 ? [mark(judgedAt, "Judged: nothing later has been looked at")] : []),
  ];
  // Evidence at the very instant that it is due was in time: it stands before.
  return [...events, ...marks].sort((a, b) => a.instant - b.instant).map(({ instant: _, ...item }) => item);
}
