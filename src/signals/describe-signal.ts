import type { Activity, Grade } from "../domain/activity.ts";
import type { Via } from "../domain/care-event.ts";
import { durationInWords } from "../domain/duration.ts";
import type { ClosingClause, LoopTemplate, Signal } from "../domain/signal.ts";
import { activityPhrases } from "./activity-phrases.ts";
import { saySequence } from "./describe-sequence.ts";
import { conditions } from "./describe-where.ts";
import { hazards } from "./hazards.ts";
import { requiredFeeds } from "./required-feeds.ts";
import { durationMs } from "./written-values.ts";

/** A part of a definition in words: what it says, a line each. */
export interface SignalSection {
  readonly title: string;
  readonly lines: readonly string[];
}

/** The definition in words that a clinician understands; no line rests on knowing the file. */
export function describeSignal(signal: Signal): string {
  const head = `${signal.title}\n${signal.id}, version ${String(signal.version)}, tier ${signal.tier}, severity ${signal.severity}\n\n${signal.means}`;
  const rows = limitRows(signal);
  const width = (part: "which" | "within"): number => Math.max(...rows.map((row) => row[part].length)) + 2;
  const limits = rows.map(({ which, within, basis }) => `${which.padEnd(width("which"))}${within.padEnd(width("within"))}${basis}`);
  const sections = [
    ...sayTemplate(signal),
    ...withLines([{ title: "Within (the first row that fits)", lines: limits }]),
    ...sayRest(signal),
  ];
  return [head, ...sections.map(({ title, lines }) => [title, ...lines.map((line) => `  ${line}`)].join("\n"))].join("\n\n");
}

/** What opens it, and what must follow; or what happens, one after the other, that should not. */
export function sayTemplate({ loop, sequence }: Signal): SignalSection[] {
  return loop ? sayLoop(loop) : saySequence(sequence);
}

function sayLoop({ opens, closes, unlessToldWithinMs }: LoopTemplate): SignalSection[] {
  return withLines([
    { title: "Opens when", lines: opens.map(({ activity, where }) => `${anyOf(activity)}${where ? ` (${conditions(where)})` : ""}`) },
    {
      title: "Unless",
      lines:
        unlessToldWithinMs === undefined
          ? []
          : [
              `each critical value was told of within the ${durationInWords(unlessToldWithinMs)} before, at least as far out, by another result of the same patient`,
            ],
    },
    { title: "Must be followed, on the same record, by", lines: closes.map(describeClosing) },
  ]);
}

/** What cancels it, what it needs, and what a person should know of it. */
export function sayRest(signal: Signal): SignalSection[] {
  const feeds = requiredFeeds(signal);
  return withLines([
    { title: "Cancelled when, before that", lines: signal.loop ? sayCancelling(signal.loop) : [] },
    {
      title: "Needs these feeds",
      lines: [
        `to open: ${feeds.opening.join(", ")}`,
        `to close: ${feeds.closing.join(", ")}`,
        ...(feeds.cancelling.length > 0 ? [`to cancel: ${feeds.cancelling.join(", ")}`] : []),
        ...(feeds.attributes.length > 0 ? [`for urgency and setting: ${feeds.attributes.join(", ")}`] : []),
      ],
    },
    { title: "Often harmless", lines: signal.oftenHarmless },
    { title: "Next steps", lines: signal.nextSteps },
    { title: "Rests on", lines: signal.references.map(({ title, reviewBy }) => `${title} (to be reviewed by ${reviewBy})`) },
    { title: "Controls these hazards", lines: signal.hazards.map((id) => `${id} ${hazards[id] ?? ""}`.trim()) },
  ]);
}

function sayCancelling(loop: LoopTemplate): string[] {
  return [
    ...loop.cancels.map(({ activity }) => anyOf(activity)),
    ...newerVersion(loop),
    "or, at any time, the record turns out to be entered in error",
  ];
}

function withLines(sections: readonly SignalSection[]): SignalSection[] {
  return sections.filter(({ lines }) => lines.length > 0);
}

function anyOf(activities: readonly Activity[]): string {
  return activities.map((activity) => activityPhrases[activity]).join(", or ");
}

/** Only results have newer versions that open a loop of their own. */
function newerVersion(loop: LoopTemplate): string[] {
  return loop.opens.some(({ activity }) => activity.some((each) => each.startsWith("result.")))
    ? ["a newer version of the result is issued (which is then judged itself)"]
    : [];
}

function describeClosing({ activity, via, by, gradeAtLeast, earlyMs, whenever }: ClosingClause): string {
  const details = [
    via && `through ${viaPhrases[via]}`,
    by === "person" ? "by a person" : "by anyone",
    gradeAtLeast !== undefined && gradePhrases[gradeAtLeast],
    earlyMs !== undefined && `for the first version, up to ${durationInWords(earlyMs)} before counts too`,
    whenever && "whenever it was issued",
  ];
  return `${anyOf(activity)}: ${details.filter((each) => typeof each === "string").join("; ")}`;
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

/** The limit table: the first row that fits counts. */
export function limitRows({ loop }: Signal): { which: string; within: string; basis: string }[] {
  const limits = loop?.limits ?? [];
  return limits.map(({ where, duration, basis }) => {
    const isOwn = duration === "due";
    const otherwise = isOwn ? "with a due date" : limits.length > 1 ? "otherwise" : "always";
    return { which: where ? conditions(where) : otherwise, within: isOwn ? "by that date" : durationInWords(durationMs(duration)), basis };
  });
}
