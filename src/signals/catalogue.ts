import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readSignal, signalError, type SignalFile } from "./parse-signal.ts";

/** The signals that run where neither configuration nor `--signals` says otherwise (`signals.md` section 2). */
export const enabledByDefault: readonly string[] = [
  "critical-uncommunicated",
  "order-unresulted",
  "result-no-action",
  "result-unacknowledged",
  "task-overdue",
];

/**
 * Every signal of the catalogue, by id.
 * @throws UserError `signal-invalid`, with every problem of every file at once
 */
export function readCatalogue(folder?: string): readonly SignalFile[] {
  if (folder !== undefined) return readFolder(folder);
  return (own ??= readFolder(join(import.meta.dirname, "catalogue")));
}

/** Files of the program, which stay as they are while it runs: reading them takes longer than most questions of the API. */
let own: readonly SignalFile[] | undefined;

function readFolder(folder: string): SignalFile[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  const files: { readonly name: string; readonly file: SignalFile }[] = [];
  const problems: string[] = [];
  for (const name of names.sort()) {
    const read = readSignal(readFileSync(join(folder, name), "utf8"), name);
    if ("problems" in read) problems.push(...read.problems);
    else {
      const other = files.find(({ file }) => file.signal.id === read.signal.id);
      if (other) problems.push(`${name}: its id "${read.signal.id}" is also that of ${other.name}. Give each signal an id of its own.`);
      files.push({ name, file: read });
    }
  }
  if (problems.length > 0) throw signalError(problems);
  return files.map(({ file }) => file).sort((a, b) => (a.signal.id < b.signal.id ? -1 : 1));
}
