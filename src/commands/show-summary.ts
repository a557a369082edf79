import type { Instant } from "../domain/instant.ts";
import type { NowIs, ScanSummary } from "../domain/scan-summary.ts";
import type { UnknownLine } from "../domain/unknown.ts";
import { showInstant } from "../domain/show-times.ts";
import { count } from "../domain/count.ts";
import { isReading, notSeen, sayUnplaced, sayUncounted } from "../insight/not-seen.ts";
import { commandLine } from "./command-line.ts";
import { showTable } from "./show-table.ts";
import { showUnknowns } from "./show-unknowns.ts";

/** What the summary itself does not know. */
export interface Around {
  /** Ids of the signals that were to run. */
  readonly asked: readonly string[];
  /** Files that are nothing we read. */
  readonly ignored: readonly string[];
  /** What nobody can judge, a line a cause. */
  readonly unknowns: readonly UnknownLine[];
}

/** A scan in words and tables: first, loudly, what was not seen. Nothing of any patient. */
export function showSummary(summary: ScanSummary, around: Around): string {
  const isPull = summary.run.kind === "pull";
  const paragraphs: string[][] = [
    showIncomplete(summary, around.asked),
    [showJudged(summary)],
    isReading(summary.run) ? ["What was read:", showRead(summary)] : ["What is held:", showHeld(summary)],
    isPull ? [] : ["What was decided, in loops:", showDecided(summary)],
    showAlarms(summary),
    showUnknowns(around.unknowns),
    showRemarks(summary, around),
    ["Next:", ...nextSteps(summary).map(([command, does]) => `  ${`${commandLine} ${command}`.padEnd(62)} ${does}`)],
  ];
  return paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function showIncomplete(summary: ScanSummary, asked: readonly string[]): string[] {
  const { run } = summary;
  if (run.state === "complete") return [];
  return [
    `INCOMPLETE: ${run.site} was not seen whole. What is not listed may still have been missed.`,
    ...notSeen(summary, asked).map((line) => `  ${line}`),
  ];
}

const nowInWords: Readonly<Record<NowIs, string>> = {
  given: "as --now says",
  "server-clock": "the server's own clock when the pull began, less the lag that it is allowed; --now judges at another",
  "latest-record": "the latest time that its records carry; --now judges at another",
  start: "the time of this scan, for its records carry none",
};

function showJudged({ run }: ScanSummary): string {
  if (run.kind === "pull") return `Site ${run.site}: read, and not judged yet.`;
  const why = nowInWords[run.nowIs];
  const watched = run.watchFrom === undefined ? "" : `\nWatched from ${showInstant(run.watchFrom)}; loops opened earlier are no findings.`;
  return `Site ${run.site}, judged as at ${showInstant(run.now)} (${why}).${watched}`;
}

function showRead({ run, feeds }: ScanSummary): string {
  const isPull = run.kind === "pull";
  const head = [
    "type",
    "source",
    "read",
    "stored",
    "duplicate",
    "quarantined",
    "expired",
    "skipped",
    ...(isPull ? [] : ["covered until", "gaps"]),
  ];
  const rows = feeds.map((feed) => [
    feed.type,
    feed.source,
    feed.read,
    feed.stored,
    feed.duplicate,
    feed.quarantined,
    feed.expired,
    feed.skipped,
    ...(isPull ? [] : [until(feed.coveredUntil), feed.gaps.length]),
  ]);
  return rows.length === 0 ? "  nothing" : showTable(head, rows);
}

function showHeld({ feeds }: ScanSummary): string {
  const rows = feeds.map(({ type, coveredUntil, gaps }) => [type, until(coveredUntil), gaps.length]);
  return rows.length === 0 ? "  nothing" : showTable(["type", "covered until", "gaps"], rows);
}

function until(at: Instant | undefined): string {
  return at === undefined ? "-" : showInstant(at);
}

function showDecided({ signals }: ScanSummary): string {
  const head = ["signal", "opened", "met", "pending", "late", "missed", "unknown", "cancelled", "occurred", "before watch", "seen"];
  const rows = signals.map(({ id, opened, met, pending, late, missed, unknown, cancelled, occurred, beforeWatch, runs }) => {
    return [id, opened, met, pending, late, missed, unknown, cancelled, occurred, beforeWatch, runs === "blind" ? "not whole" : "whole"];
  });
  return rows.length === 0 ? "  nothing: no signal ran" : showTable(head, rows);
}

/** Of the system, not of any patient: said only where a series has broken a rule. */
function showAlarms({ run, series = [] }: ScanSummary): string[] {
  const raised = series.filter(({ alarms }) => alarms > 0);
  if (raised.length === 0) return [];
  return [
    `Alarms of feeds and numbers (see them: ${commandLine} alarms --site ${run.site}):`,
    showTable(
      ["series", "alarms"],
      raised.map(({ id, alarms }) => [id, alarms]),
    ),
  ];
}

function showRemarks({ run, feeds }: ScanSummary, { ignored }: Around): string[] {
  const { afterClock } = run.notes;
  // Where something was not seen they stand above, with it.
  const ofServers = run.state === "complete" ? run.notes.serverRemarks : [];
  const more = ignored.length > 3 ? ` and ${ignored.length - 3} more` : "";
  return [
    ...(ignored.length > 0
      ? [`Passed over, for they are no *.ndjson, *.ndjson.gz or *.json: ${ignored.slice(0, 3).join(", ")}${more}.`]
      : []),
    ...(afterClock > 0
      ? [
          `${count(afterClock, "time")} in the records lie${afterClock === 1 ? "s" : ""} after this computer's clock; coverage was not taken from ${afterClock === 1 ? "it" : "them"}.`,
        ]
      : []),
    ...ofServers,
    ...sayUnplaced(run.unplaced),
    ...sayUncounted(feeds),
  ];
}

function nextSteps({ run, feeds, signals }: ScanSummary): [command: string, does: string][] {
  const site = `--site ${run.site}`;
  const steps: [string, string][] = [];
  if (run.kind === "pull") steps.push([`detect ${site}`, "judges what was read"]);
  if (signals.some(({ missed }) => missed > 0)) steps.push(["findings", "lists what was missed"]);
  if (feeds.some(({ quarantined }) => quarantined > 0)) steps.push([`quarantine list ${site}`, "shows what could not be used, and why"]);
  steps.push([`doctor ${site}`, "says what this site's records can tell, and what is missing"]);
  return steps;
}
