import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Calendar } from "../domain/calendar/calendar.ts";
import type { Tier } from "../domain/verdict.ts";
import { parseYaml } from "../domain/yaml-text.ts";
import { compileSignal } from "./compile-signal.ts";
import { logicHash } from "./logic-hash.ts";
import { isSeriesText, readSeriesFile, type SeriesFile } from "./parse-series.ts";
import { readSignal, signalError, type SignalFile } from "./parse-signal.ts";
import { yamlFilesOf, type ValueSets } from "./read-value-sets.ts";
import { runSeriesExample } from "./run-series-example.ts";
import { signalFaults, type SignalFault } from "./signal-faults.ts";

/** What a site's own signals are checked with. */
export interface OwnContext {
  readonly sets: ValueSets;
  readonly calendar: Calendar;
  /** The tier that the site's configuration gives it; undefined: its file's own. Absent: only what the text itself says is checked. */
  readonly tierOf?: (id: string) => Tier | undefined;
}

export type AnyFile = SignalFile | SeriesFile;

/**
 * The signals of a site's folders over those that are there: each as whole and as well shown as the catalogue's own.
 * @throws UserError `signal-invalid`, with every problem of every file of a folder
 */
export function readOwnSignals(below: readonly AnyFile[], folders: readonly string[], context: OwnContext): readonly AnyFile[] {
  return folders.reduce((files, folder) => readFolder(files, folder, context), below);
}

function readFolder(below: readonly AnyFile[], folder: string, context: OwnContext): readonly AnyFile[] {
  const files = new Map(below.map((file) => [file.signal.id, file]));
  const own = new Map<string, string>();
  const problems: string[] = [];
  for (const name of yamlFilesOf(folder, signalError)) {
    const path = join(folder, name);
    const text = readFileSync(path, "utf8");
    const yaml = parseYaml(text);
    const read = isSeriesText(text) ? readSeriesFile(text, path, context.sets) : readOwn(text, path, context);
    if ("problems" in read) {
      problems.push(...read.problems);
      continue;
    }
    const { id } = read.signal;
    const faults = [
      ...placeFaults(
        read,
        below.find((file) => file.signal.id === id),
        own.get(id),
        yaml.value,
      ),
      ...faultsOf(read, context),
    ];
    const placed = faults.map(({ path: inside, text: what }) => ({ ...yaml.placeOf(inside), what }));
    problems.push(...placed.map(({ line, column, what }) => `${path}:${String(line)}:${String(column)} ${what}`));
    own.set(id, path);
    files.set(id, read);
  }
  if (problems.length > 0) throw signalError(problems);
  return [...files.values()];
}

function readOwn(text: string, path: string, { sets, calendar }: OwnContext): SignalFile | { readonly problems: readonly string[] } {
  const read = readSignal(text, path, sets);
  if ("problems" in read) return read;
  const { written } = read;
  const signal = compileSignal(written, sets, calendar);
  return { ...read, signal: { ...signal, origin: { baseHash: ownHash(read, sets), isOwn: true, changes: [] } } };
}

/** Of what the file itself says: lists of codes and calendars are kept elsewhere, and change with no new version. */
function ownHash({ written }: SignalFile, sets: ValueSets): string {
  const names = new Map([...sets].map(([id, set]) => [id, { ...set, title: id, codings: [] }]));
  return logicHash(compileSignal(written, names, { timeZone: "UTC", days: [], from: "", to: "", holidays: [] }));
}

/** An id is the catalogue's, or the site's, and not by mistake both. */
function placeFaults(read: AnyFile, taken: AnyFile | undefined, other: string | undefined, written: unknown): SignalFault[] {
  const { id } = read.signal;
  const replaces = (written as { readonly replaces?: true }).replaces === true;
  const at = (text: string): SignalFault => ({ path: [replaces ? "replaces" : "id"], text });
  if (other !== undefined) return [at(`Its id "${id}" is also that of ${other}. Give each signal an id of its own.`)];
  if (taken && !replaces)
    return [
      at(
        `There is a signal "${id}" already. Give this one an id of its own; or, if it is to take the other's place, write replaces: true.`,
      ),
    ];
  if (!taken && replaces) return [at(`There is no signal "${id}" that it could replace. Leave the line out, or correct the id.`)];
  if (taken && templateOf(taken) !== templateOf(read))
    return [
      at(
        `The signal "${id}" is a ${templateOf(taken)}, and a ${templateOf(read)} cannot take its place. Give this one an id of its own, and turn the other off.`,
      ),
    ];
  return [];
}

export function templateOf({ signal }: AnyFile): "loop" | "sequence" | "series" {
  if ("series" in signal) return "series";
  return signal.loop ? "loop" : "sequence";
}

function faultsOf(file: AnyFile, { tierOf }: OwnContext): SignalFault[] {
  if (!tierOf) return [];
  if (!isSeriesFile(file)) return signalFaults(file, tierOf(file.signal.id) ?? file.signal.tier);
  return file.examples.flatMap((example, index) => {
    const { passed, explanation } = runSeriesExample(file, example);
    return passed
      ? []
      : [
          {
            path: ["examples", index],
            text: `The example "${example.name}" does not come out as it says: ${explanation.replace(/\s*\n\s*/g, " ")}.`,
          },
        ];
  });
}

export function isSeriesFile(file: AnyFile): file is SeriesFile {
  return "series" in file.signal;
}
