import { durationInWords, exactDurationMs } from "../domain/duration.ts";
import { overdueSince, type Finding } from "../domain/finding.ts";
import { inWords } from "../domain/in-words.ts";
import type { Instant } from "../domain/instant.ts";
import { closingActivities } from "../domain/signal-activities.ts";
import type { Signal } from "../domain/signal.ts";
import { groupUnknowns } from "../domain/unknown.ts";
import { activityPhrases } from "../signals/activity-phrases.ts";
import { reasonWords } from "./finding-words.ts";
import { seemsToClose } from "./seems-to-close.ts";
import { showSpan, showTime, type Sentence } from "./show-time.ts";

/** What should have happened: what, by when, and what the limit rests on. */
export function sayExpected(finding: Finding, signal: Signal, timeZone: string): Sentence {
  const { openedAt, dueAt, limit } = finding;
  const ways = [...new Set(closingActivities(signal).map((each) => activityPhrases[each]))];
  if (dueAt === null) return saySequence(ways);
  const by = signal.loop?.closes.every((clause) => clause.by === "person") ? " by a person" : "";
  const ms = exactDurationMs(limit.duration);
  const within = ms === undefined ? "by its own due date" : `within ${durationInWords(ms)}`;
  return [
    `That ${ways.join(", or ")}${by}, ${within}: from `,
    showTime(Date.parse(openedAt), timeZone),
    " until ",
    showTime(Date.parse(dueAt), timeZone),
    limit.basis === "" ? "." : `. The limit is from: ${limit.basis}.`,
  ];
}

/** A sequence is what should not have happened, or not without something before it. */
function saySequence(ways: readonly string[]): Sentence {
  return [ways.length === 0 ? "That it did not happen." : `That before it, ${ways.join(", or ")}.`];
}

/** What happened instead, as far as the records say it. */
export function sayHappened(finding: Finding, signal: Signal, judgedAt: Instant, timeZone: string): Sentence {
  const due = overdueSince(finding);
  const metAt = finding.metAt === null ? undefined : Date.parse(finding.metAt);
  const asAt: Sentence = [" (judged as at ", showTime(judgedAt, timeZone), ")."];
  switch (finding.verdict) {
    case "missed":
      return [
        `No record${finding.evidence.some((each) => seemsToClose(finding, signal, each)) ? " that counts" : ""} says that it was done: ${inWords(Math.max(0, judgedAt - due))} overdue`,
        ...asAt,
        ...sayLooks(finding),
      ];
    case "late":
      return metAt === undefined
        ? ["It was done late."]
        : ["It was done on ", showTime(metAt, timeZone), `, ${inWords(metAt - due)} after it was due.`];
    case "occurred":
      return [
        "It happened on ",
        showTime(due, timeZone),
        signal.sequence?.without ? ", and nothing of the kind is recorded before it" : "",
        ...asAt,
      ];
    case "unknown":
      return [reasonWords[finding.reason ?? "gap"], ...asAt, ...sayLooks(finding)];
    case "pending":
      return ["It is not due yet, or its data has not come yet", ...asAt];
    case "met":
      return metAt === undefined ? ["It was done in time."] : ["It was done in time, on ", showTime(metAt, timeZone), "."];
    case "cancelled":
      return ["It no longer had to be done: what was expected was cancelled, or was entered in error."];
  }
}

/** Somebody may have seen it, though nobody recorded having dealt with it. */
function sayLooks({ evidence }: Finding): Sentence {
  const looks = evidence.filter(({ activity }) => activity === "result.viewed").length;
  if (looks === 0) return [];
  return [` The result was viewed ${looks === 1 ? "once" : `${looks} times`}, which by itself closes nothing.`];
}

export interface GapView {
  readonly text: string;
  readonly when: Sentence;
}

const gapWords = {
  "not-covered": "was not read",
  outage: "was lost in an outage that somebody entered",
  silent: "was silent, though that hour is busy in other weeks",
  unreadable: "could not be understood",
  quarantined: "is in quarantine",
} as const;

export function viewGaps(gaps: Finding["cancellingGaps"], timeZone: string): GapView[] {
  return gaps.map(({ type, from, to, why }) => ({
    text: `${type} ${gapWords[why]}`,
    when: showSpan({ from: Date.parse(from), to: Date.parse(to) }, timeZone),
  }));
}

/** What would settle an unknown; undefined of what is settled. */
export function saySettledBy({ site, signal, verdict, reason, coverage }: Finding): string | undefined {
  if (verdict !== "unknown" || reason === null) return undefined;
  const gaps = coverage.gaps.map((gap) => ({ ...gap, from: Date.parse(gap.from), to: Date.parse(gap.to) }));
  return groupUnknowns([{ site, signal, reason, gaps, count: 1 }])[0]?.settledBy;
}

/** What it rested on and is there no more: its verdict may have changed for that alone. */
export function sayDeleted({ restedOnDeleted }: Finding, timeZone: string): Sentence[] {
  return restedOnDeleted.map(({ record, at }) => [
    `It rested on ${record}, which was deleted at the source`,
    ...(at === null ? [] : [" on ", showTime(Date.parse(at), timeZone)]),
    ": what that record said counts no more.",
  ]);
}
