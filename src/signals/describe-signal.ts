import { durationInWords } from "../domain/duration.ts";
import type { Limit, LoopTemplate, Signal, SignalHead } from "../domain/signal.ts";
import { anyOf, ofTheSame, sayLoop, withLines } from "./describe-loop.ts";
import { saySequence } from "./describe-sequence.ts";
import { conditions } from "./describe-where.ts";
import { hazards } from "./hazards.ts";
import { requiredFeeds } from "./required-feeds.ts";

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
    ...withLines([{ title: "At this site", lines: [sayOrigin(signal)].filter((line) => line !== undefined) }]),
    ...sayTemplate(signal),
    ...withLines([{ title: "Within (the first row that fits)", lines: limits }]),
    ...sayRest(signal),
  ];
  return [head, ...sections.map(({ title, lines }) => [title, ...lines.map((line) => `  ${line}`)].join("\n"))].join("\n\n");
}

/** What of it is a site's own; undefined where it is as the catalogue has it. */
export function sayOrigin({ origin }: SignalHead): string | undefined {
  if (origin === undefined) return undefined;
  const file = origin.isOwn ? "a signal of the site's own" : undefined;
  const changes = origin.changes.length > 0 ? `changed by the site's configuration: ${origin.changes.join("; ")}` : undefined;
  const said = [file, changes].filter((each) => each !== undefined).join("; ");
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}.`;
}

/** What opens it, and what must follow; or what happens, one after the other, that should not. */
export function sayTemplate({ loop, sequence }: Signal): SignalSection[] {
  return loop ? sayLoop(loop) : saySequence(sequence);
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
    ...loop.cancels.map(({ activity, same }) => `${anyOf(activity)}${same === "patient" ? "" : ofTheSame([same])}`),
    ...newerVersion(loop),
    "or, at any time, the record turns out to be entered in error",
  ];
}

/** Only results have newer versions that open a loop of their own. */
function newerVersion(loop: LoopTemplate): string[] {
  return loop.opens.some(({ activity }) => activity.some((each) => each.startsWith("result.")))
    ? ["a newer version of the result is issued (which is then judged itself)"]
    : [];
}

/** The limit table: the first row that fits counts. */
export function limitRows({ loop }: Signal): { which: string; within: string; basis: string }[] {
  const limits = loop?.limits ?? [];
  return limits.map((limit) => {
    const { where, duration, basis } = limit;
    const isOwn = duration === "due";
    const otherwise = isOwn ? "with a due date" : limits.length > 1 ? "otherwise" : "always";
    return { which: where ? conditions(where) : otherwise, within: withinWords(limit, loop?.grace), basis };
  });
}

function withinWords({ withinMs, working, duration }: Limit, grace: LoopTemplate["grace"]): string {
  if (working) return duration;
  if (withinMs === undefined) return "by that date";
  if (!grace) return durationInWords(withinMs);
  const after = (factor: number) => durationInWords(Math.round((withinMs * factor) / 60_000) * 60_000);
  return `${durationInWords(withinMs)}: late from ${after(grace.due)}, missed from ${after(grace.lapse)} on`;
}
