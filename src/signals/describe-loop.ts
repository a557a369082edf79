import type { Activity, Grade } from "../domain/activity.ts";
import type { Via } from "../domain/care-event.ts";
import { durationInWords } from "../domain/duration.ts";
import type { ClosingClause, Join, LookBack, LoopTemplate, OpeningClause, Where } from "../domain/signal.ts";
import { activityPhrases } from "../domain/activity-phrases.ts";
import type { SignalSection } from "./describe-signal.ts";
import { joinWords } from "./describe-sequence.ts";
import { conditions } from "./describe-where.ts";

/** What opens a loop, what excuses from it, and what must follow. */
export function sayLoop({ opens, closes, unless = [], unlessToldWithinMs, lapse }: LoopTemplate): SignalSection[] {
  const onRecord = closes.filter(({ same }) => same === undefined);
  const elsewhere = closes.filter(({ same }) => same !== undefined);
  return withLines([
    { title: "Opens when", lines: opens.map(sayOpening) },
    {
      title: "Unless",
      lines: [
        ...(unlessToldWithinMs === undefined
          ? []
          : [
              `each critical value was told of within the ${durationInWords(unlessToldWithinMs)} before, at least as far out, by another result of the same patient`,
            ]),
        ...unless.map(sayLookBack),
      ],
    },
    { title: "Must be followed, on the same record, by", lines: onRecord.map(describeClosing) },
    { title: "Lapses", lines: lapse ? ["when the next one is due: what comes then is of that one"] : [] },
    { title: onRecord.length > 0 ? "Or elsewhere, by" : "Must be followed by", lines: elsewhere.map(describeClosing) },
  ]);
}

function sayOpening({ activity, where, after = [] }: OpeningClause): string {
  const before = after.map(
    ({ activity: came, where: which, same, withinMs, beforeFirst }) =>
      `${anyOf(came)}${inBrackets(which)}${ofTheSame([same])}${withinMs === undefined ? "" : `, within the ${durationInWords(withinMs)} before`}${beforeFirst ? `, before ${anyOf(beforeFirst)} for the first time` : ""}`,
  );
  return `${anyOf(activity)}${inBrackets(where)}${before.length > 0 ? `, after ${before.join(", and then ")}` : ""}`;
}

function sayLookBack({ activity, where, same, withinMs, before }: LookBack): string {
  const when = withinMs === undefined ? "at any time before" : `within the ${durationInWords(withinMs)} before`;
  return `${anyOf(activity)}${inBrackets(where)}${ofTheSame([same])}, ${when}${before ? "" : " or at the time"}`;
}

function inBrackets(where: Where | undefined): string {
  return where ? ` (${conditions(where)})` : "";
}

/** Nothing of the record itself: what is on it needs no words. */
export function ofTheSame(same: readonly Join[]): string {
  const named = same.filter((join) => join !== "subject").map((join) => joinWords[join]);
  return named.length > 0 ? `, of the same ${named.join(" and ")}` : "";
}

function describeClosing({
  activity,
  where,
  same = [],
  via,
  by,
  gradeAtLeast,
  earlyMs,
  notBeforeMs,
  changed,
  whenever,
}: ClosingClause): string {
  const details = [
    via && `through ${viaPhrases[via]}`,
    by === "person" ? "by a person" : "by anyone",
    gradeAtLeast !== undefined && gradePhrases[gradeAtLeast],
    earlyMs !== undefined && `for the first version, up to ${durationInWords(earlyMs)} before counts too`,
    notBeforeMs !== undefined && `at least ${durationInWords(notBeforeMs)} later`,
    changed && "with another dose than before",
    whenever && "whenever it was issued",
  ];
  return `${anyOf(activity)}${inBrackets(where)}${ofTheSame(same)}: ${details.filter((each) => typeof each === "string").join("; ")}`;
}

const viaPhrases: Readonly<Record<Via, string>> = {
  report: "the report itself",
  order: "the order itself",
  task: "a task",
  audit: "the audit trail",
  provenance: "a signature (Provenance)",
  communication: "a communication",
  act: "an order, appointment, procedure or plan",
  patient: "the patient's record",
};

const gradePhrases: Readonly<Record<Grade, string>> = {
  0: "any sign of it is enough",
  1: "a new order for the patient is enough",
  2: "it names the record, or comes from a person who had looked at it",
  3: "it names the record",
};

export function anyOf(activities: readonly Activity[]): string {
  return activities.map((activity) => activityPhrases[activity]).join(", or ");
}

export function withLines(sections: readonly SignalSection[]): SignalSection[] {
  return sections.filter(({ lines }) => lines.length > 0);
}
