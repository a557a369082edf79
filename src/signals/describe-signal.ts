import { Temporal } from "temporal-polyfill";
import type { Activity, Grade } from "../domain/activity.ts";
import type { Via } from "../domain/care-event.ts";
import type { ClosingClause, Limit, Signal, Where } from "../domain/signal.ts";
import { activityPhrases } from "./activity-phrases.ts";
import { hazards } from "./hazards.ts";
import { requiredFeeds } from "./required-feeds.ts";
import { durationMs } from "./written-values.ts";

/** The definition in words that a clinician understands; no line rests on knowing the file. */
export function describeSignal(signal: Signal): string {
  const { opens, closes, cancels, unlessToldWithinMs } = signal.loop;
  const feeds = requiredFeeds(signal);
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ["Opens when", opens.map(({ activity, where }) => `${anyOf(activity)}${where ? ` (${conditions(where)})` : ""}`)],
    [
      "Unless",
      unlessToldWithinMs === undefined
        ? []
        : [
            `each critical value was told of within the ${words(unlessToldWithinMs)} before, at least as far out, by another result of the same patient`,
          ],
    ],
    ["Must be followed, on the same record, by", closes.map(describeClosing)],
    ["Within (the first row that fits)", limitTable(signal.loop.limits)],
    [
      "Cancelled when, before that",
      [
        ...cancels.map(({ activity }) => anyOf(activity)),
        ...newerVersion(signal),
        "or, at any time, the record turns out to be entered in error",
      ],
    ],
    [
      "Needs these feeds",
      [
        `to open: ${feeds.opening.join(", ")}`,
        `to close: ${feeds.closing.join(", ")}`,
        ...(feeds.cancelling.length > 0 ? [`to cancel: ${feeds.cancelling.join(", ")}`] : []),
        ...(feeds.attributes.length > 0 ? [`for urgency and setting: ${feeds.attributes.join(", ")}`] : []),
      ],
    ],
    ["Often harmless", signal.oftenHarmless],
    ["Next steps", signal.nextSteps],
    ["Rests on", signal.references.map(({ title, reviewBy }) => `${title} (to be reviewed by ${reviewBy})`)],
    ["Controls these hazards", signal.hazards.map((id) => `${id} ${hazards[id] ?? ""}`.trim())],
  ];
  const head = `${signal.title}\n${signal.id}, version ${String(signal.version)}, tier ${signal.tier}, severity ${signal.severity}\n\n${signal.means}`;
  return [
    head,
    ...sections.filter(([, lines]) => lines.length > 0).map(([title, lines]) => [title, ...lines.map((line) => `  ${line}`)].join("\n")),
  ].join("\n\n");
}

function anyOf(activities: readonly Activity[]): string {
  return activities.map((activity) => activityPhrases[activity]).join(", or ");
}

/** Only results have newer versions that open a loop of their own. */
function newerVersion({ loop }: Signal): string[] {
  return loop.opens.some(({ activity }) => activity.some((each) => each.startsWith("result.")))
    ? ["a newer version of the result is issued (which is then judged itself)"]
    : [];
}

function describeClosing({ activity, via, by, gradeAtLeast, earlyMs, whenever }: ClosingClause): string {
  const details = [
    via && `through ${viaPhrases[via]}`,
    by === "person" ? "by a person" : "by anyone",
    gradeAtLeast !== undefined && gradePhrases[gradeAtLeast],
    earlyMs !== undefined && `for the first version, up to ${words(earlyMs)} before counts too`,
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

function limitTable(limits: readonly Limit[]): string[] {
  const rows = limits.map(({ where, duration, basis }) => {
    const isOwn = duration === "due";
    const otherwise = isOwn ? "with a due date" : limits.length > 1 ? "otherwise" : "always";
    return [where ? conditions(where) : otherwise, isOwn ? "by that date" : words(durationMs(duration)), basis] as const;
  });
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length)) + 2;
  return rows.map(([which, within, basis]) => `${which.padEnd(width(0))}${within.padEnd(width(1))}${basis}`);
}

function conditions({ urgency, setting, priority, kind }: Where): string {
  const either = (values: readonly string[]) =>
    values
      .map((value) => (value === "not-said" ? "urgency not said" : value))
      .join(", ")
      .replace(/, ([^,]*)$/, " or $1");
  return [
    urgency && either(urgency),
    setting && `${either(setting)} setting`,
    priority && `${either(priority)} priority`,
    kind && either(kind),
  ]
    .filter((each) => each !== undefined)
    .join(", ");
}

/** Up to two days in hours, as clinicians say it; beyond, in days. */
function words(ms: number): string {
  const largestUnit = ms > 48 * 3_600_000 ? "day" : "hour";
  const rounded = Temporal.Duration.from({ milliseconds: ms }).round({ largestUnit });
  return (["days", "hours", "minutes", "seconds"] as const)
    .filter((unit) => rounded[unit] !== 0)
    .map((unit) => `${String(rounded[unit])} ${rounded[unit] === 1 ? unit.slice(0, -1) : unit}`)
    .join(" ");
}
