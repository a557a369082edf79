import { activityPhrases } from "./activity-phrases.ts";
import type { Activity } from "./activity.ts";
import { durationInWords, exactDurationMs } from "./duration.ts";
import { sayExclusions } from "./exclusion-words.ts";
import { overdueSince, type Finding } from "./finding.ts";
import { inWords } from "./in-words.ts";
import type { Instant } from "./instant.ts";
import { seemsToClose } from "./seems-to-close.ts";
import { showInstant } from "./show-times.ts";
import { closingActivities } from "./signal-activities.ts";
import type { Signal } from "./signal.ts";
import type { Reason } from "./verdict.ts";

/** A part of a sentence, with times in it, which whoever shows it writes in their zone. */
export type Clause = readonly (string | Instant)[];

/** What of a finding its explanation is made of. */
export type Explained = Pick<
  Finding,
  "verdict" | "reason" | "openedAt" | "dueAt" | "metAt" | "limit" | "coverage" | "evidence" | "exclusions" | "cancellingGaps"
>;

/**
 * One sentence: what was expected, by when, from what; what happened instead; which excuses were looked for and not found, apart
 * from those that no data could tell; and what would clear it.
 */
export function explainFinding(finding: Explained, signal: Signal, judgedAt: Instant): readonly Clause[] {
  return [
    sayExpected(finding, signal),
    sayHappened(finding, signal, judgedAt),
    ...sayExclusions(finding.exclusions).map((clause) => [clause]),
    sayClearing(finding, signal),
  ].filter((clause) => clause.length > 0);
}

/** `the result is acknowledged, or the result is communicated to someone`. */
function anyOf(activities: readonly Activity[]): string {
  return [...new Set(activities.map((each) => activityPhrases[each]))].join(", or ");
}

function waysOf(signal: Signal): string {
  const by =
    signal.loop?.closes.every((clause) => clause.by === "person") || signal.sequence?.without?.by === "person" ? " by a person" : "";
  return `${anyOf(closingActivities(signal))}${by}`;
}

function sayExpected(finding: Explained, signal: Signal): Clause {
  const { openedAt, dueAt, limit } = finding;
  if (signal.sequence) {
    const { withinMs, without } = signal.sequence;
    const steps = `${stepsOf(signal)}${withinMs === undefined ? "" : ` within ${durationInWords(withinMs)}`}`;
    return [without ? `It is expected that ${steps} only after ${waysOf(signal)}` : `It is expected never to happen that ${steps}`];
  }
  const opened = finding.evidence.find(({ did }) => did === "opened");
  const ms = exactDurationMs(limit.duration);
  const within =
    ms !== undefined ? `within ${durationInWords(ms)}` : limit.duration === "due" ? "by its own due date" : `within ${limit.duration}`;
  return [
    `When ${opened ? activityPhrases[opened.activity] : "it begins"} (`,
    Date.parse(openedAt),
    `), it is expected that ${waysOf(signal)}, ${within}, by `,
    Date.parse(dueAt ?? openedAt),
    limit.basis === "" ? "" : ` (${limit.basis})`,
  ];
}

/** Steps in their order; what repeats is counted. */
function stepsOf({ sequence }: Signal): string {
  const phrases = (sequence?.steps ?? []).map(({ activity }) => anyOf(activity));
  const [first = "", ...others] = phrases;
  if (others.length > 0 && others.every((each) => each === first)) return `${first} ${String(phrases.length)} times`;
  return phrases.join(", and then that ");
}

function sayHappened(finding: Explained, signal: Signal, judgedAt: Instant): Clause {
  const due = overdueSince(finding);
  const metAt = finding.metAt === null ? undefined : Date.parse(finding.metAt);
  switch (finding.verdict) {
    case "missed":
      return [
        `instead no record${finding.evidence.some((each) => seemsToClose(finding, signal, each)) ? " that counts" : ""} says so up to `,
        judgedAt,
        `, ${inWords(Math.max(0, judgedAt - due))} after it was due${sayLooks(finding)}`,
      ];
    case "late":
      return metAt === undefined
        ? ["instead it happened late"]
        : ["instead it happened on ", metAt, `, ${inWords(metAt - due)} after it was due`];
    case "occurred":
      return sayOccurred(finding, signal);
    case "unknown":
      return sayUnknown(finding, signal);
    case "pending":
      return ["it is not due yet, or its data has not come yet, as at ", judgedAt];
    case "met":
      return metAt === undefined ? ["and it happened in time"] : ["and it happened in time, on ", metAt];
    case "cancelled":
      return ["and then it no longer had to happen"];
  }
}

/** Somebody may have seen it, though nobody recorded having dealt with it. */
function sayLooks({ evidence }: Explained): string {
  const looks = evidence.filter(({ activity, did }) => activity === "result.viewed" && did === undefined).length;
  return looks === 0
    ? ""
    : `, though the result was viewed ${looks === 1 ? "once" : `${String(looks)} times`}, which by itself closes nothing`;
}

function sayOccurred({ openedAt, evidence }: Explained, { sequence }: Signal): Clause {
  const last = evidence.filter(({ did }) => did === "followed").map(({ at }) => Date.parse(at));
  const until: Clause = last.length === 0 ? [] : [", and after that up to ", Math.max(...last)];
  return ["instead it happened on ", Date.parse(openedAt), ...until, sequence?.without ? ", and no record says so of any time before" : ""];
}

const unknownWords: Readonly<Record<Exclude<Reason, "gap">, string>> = {
  "never-seen": "has never been recorded here in a form that we read",
  "time-not-recorded": "it happened, but nothing says whether in time",
  "observation-not-brought": "nobody can say whether it had to, for how urgent it is stands in an Observation that was not brought",
};

function sayUnknown({ openedAt, reason, coverage: { gaps } }: Explained, { sequence }: Signal): Clause {
  const before: Clause = sequence
    ? ["it happened on ", Date.parse(openedAt), ", but nobody can say whether that came before, for "]
    : ["nobody can say whether it did, for "];
  if (reason === "never-seen") return [...before, `${sequence ? "it" : "what would show it"} ${unknownWords[reason]}`];
  if (reason !== null && reason !== "gap") return [unknownWords[reason]];
  if (gaps.length === 0) return [...before, "not all records that could show it were read"];
  const types = [...new Set(gaps.map(({ type }) => type))].sort().join(", ");
  const [from, to] = [Math.min(...gaps.map((gap) => Date.parse(gap.from))), Math.max(...gaps.map((gap) => Date.parse(gap.to)))];
  return [...before, `${types} could not be seen from `, from, " to ", to];
}

/** What would change the verdict, or take the finding off the list. */
function sayClearing({ verdict, reason, openedAt }: Explained, signal: Signal): Clause {
  switch (verdict) {
    case "met":
    case "cancelled":
      return [];
    case "unknown":
      return [`it is settled ${settles[reason ?? "gap"]}`];
    case "pending":
      return ["a record of it in time clears it"];
    case "occurred":
      return signal.sequence?.without
        ? [`a record that ${waysOf(signal)} before `, Date.parse(openedAt), ` would clear it, ${orReview}`]
        : [`records that turn out to be in error would clear it, ${orReview}`];
    case "missed":
    case "late":
      return [`a record of it in time would clear it, ${orReview}`];
  }
}

const orReview = "and so would a review that dismisses or closes it";

const settles: Readonly<Record<Reason, string>> = {
  gap: "once what could not be seen is read",
  "never-seen": "once this EPR's way of recording it is read (see doctor)",
  "time-not-recorded": "once every version of its records is sent",
  "observation-not-brought": "once the Observations that it names are sent",
};

/** As programs are given it: one sentence, its times in UTC. */
export function explanationText(clauses: readonly Clause[]): string {
  const texts = clauses.map((clause) => clause.map((part) => (typeof part === "string" ? part : showInstant(part))).join(""));
  return `${texts.join("; ")}.`;
}
