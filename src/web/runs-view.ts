import { inWords } from "../domain/in-words.ts";
import type { DueRun } from "../store/due-run.ts";
import type { ListedRun } from "../store/run-page.ts";
import type { Tag } from "./finding-words.ts";
import { showTime, type ShownTime } from "./show-time.ts";

const runTags: Readonly<Record<ListedRun["state"], Tag>> = {
  running: { text: "Running", colour: "blue" },
  complete: { text: "Whole", colour: "green" },
  incomplete: { text: "Not whole", colour: "yellow" },
  failed: { text: "Failed", colour: "red" },
  interrupted: { text: "Interrupted", colour: "red" },
};

const kindWords: Readonly<Record<string, string>> = {
  scan: "Read and judged",
  pull: "Read only",
  detect: "Judged only",
  rebuild: "Everything judged anew",
  increment: "What is new",
  reconcile: "What came late",
  replay: "Quarantine tried again",
};

function kindInWords(kind: string): string {
  return kindWords[kind] ?? kind;
}

export interface RunRowView {
  readonly href: string;
  readonly site: string;
  readonly kind: string;
  readonly state: Tag;
  readonly isRunning: boolean;
  readonly started: ShownTime;
  readonly took: string;
  readonly judgedAt: ShownTime | undefined;
}

export function viewRunRow(run: ListedRun, timeZone: string): RunRowView {
  return {
    href: `/runs/${run.id}`,
    site: run.site,
    kind: kindInWords(run.kind),
    state: runTags[run.state],
    isRunning: run.state === "running",
    started: showTime(run.startedAt, timeZone),
    took: sayLength(run),
    judgedAt: run.now === undefined ? undefined : showTime(run.now, timeZone),
  };
}

function sayLength({ state, startedAt, finishedAt }: ListedRun): string {
  if (finishedAt !== undefined) return inWords(finishedAt - startedAt);
  return state === "running" ? "not ended yet" : "never ended";
}

/** What became of a scan that somebody asked for. */
export interface AskedRunView {
  readonly text: string;
  readonly href: string | undefined;
}

export function viewAskedRun({ site, kind, state, runId }: DueRun): AskedRunView {
  const states: Readonly<Record<DueRun["state"], string>> = {
    waiting: "is asked for, and waits for the worker. If it does not begin within a minute, see that `serve` or `worker` runs.",
    running: "is running. Load this page again to see how it ends.",
    done: "has ended.",
    failed: "has failed.",
  };
  const what = kind === "replay" ? `The replay of what is in quarantine of ${site}` : `The scan of ${site}`;
  return { text: `${what} ${states[state]}`, href: runId === undefined ? undefined : `/runs/${runId}` };
}
