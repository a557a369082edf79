import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isSeriesText, readSeriesFile, type SeriesFile } from "./parse-series.ts";
import { readSignal, signalError, type SignalFile } from "./parse-signal.ts";

/** The signals that run where neither configuration nor `--signals` says otherwise (`signals.md` section 2). */
export const enabledByDefault: readonly string[] = [
  "critical-uncommunicated",
  "feed-silence",
  "feed-surge",
  "order-unresulted",
  "result-no-action",
  "result-unacknowledged",
  "task-overdue",
];

/** What a folder of signals holds, by template: loops of patients, and series of whole feeds and sites. */
interface Catalogue {
  readonly loops: readonly SignalFile[];
  readonly series: readonly SeriesFile[];
}

/**
 * Every loop signal of the catalogue, by id.
 * @throws UserError `signal-invalid`, with every problem of every file at once
 */
export function readCatalogue(folder?: string): readonly SignalFile[] {
  return readWhole(folder).loops;
}

/**
 * Every series signal of the catalogue, by id.
 * @throws UserError `signal-invalid`, with every problem of every file at once
 */
export function readSeriesCatalogue(folder?: string): readonly SeriesFile[] {
  return readWhole(folder).series;
}

/** Files of the program, which stay as they are while it runs: reading them takes longer than most questions of the API. */
let own: Catalogue | undefined;

function readWhole(folder: string | undefined): Catalogue {
  if (folder !== undefined) return readFolder(folder);
  return (own ??= readFolder(join(import.meta.dirname, "catalogue")));
}

function readFolder(folder: string): Catalogue {
  const names = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  const loops: SignalFile[] = [];
  const series: SeriesFile[] = [];
  const nameOfId = new Map<string, string>();
  const problems: string[] = [];
  for (const name of names.sort()) {
    const text = readFileSync(join(folder, name), "utf8");
    const read = isSeriesText(text) ? readSeriesFile(text, name) : readSignal(text, name);
    if ("problems" in read) {
      problems.push(...read.problems);
      continue;
    }
    const { id } = read.signal;
    const other = nameOfId.get(id);
    if (other !== undefined) problems.push(`${name}: its id "${id}" is also that of ${other}. Give each signal an id of its own.`);
    nameOfId.set(id, name);
    if (isSeriesFile(read)) series.push(read);
    else loops.push(read);
  }
  if (problems.length > 0) throw signalError(problems);
  return { loops: loops.sort(byId), series: series.sort(byId) };
}

function isSeriesFile(file: SignalFile | SeriesFile): file is SeriesFile {
  return "series" in file.signal;
}

function byId(a: { readonly signal: { readonly id: string } }, b: { readonly signal: { readonly id: string } }): number {
  return a.signal.id < b.signal.id ? -1 : 1;
}
