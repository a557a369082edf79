import type { Signal } from "../domain/signal.ts";
import { UserError } from "../domain/user-error.ts";
import { parseYaml } from "../domain/yaml-text.ts";
import { compileExample, type Example } from "./compile-example.ts";
import { compileSignal } from "./compile-signal.ts";
import { readValueSets, type ValueSets } from "./read-value-sets.ts";
import { senseProblems } from "./sense-problems.ts";
import { schemaProblems } from "../domain/schema-problems.ts";
import { signalSchema, type WrittenSignal } from "./signal-schema.ts";

/** A signal and the examples that show what it says: side by side in one file. */
export interface SignalFile {
  readonly written: WrittenSignal;
  readonly signal: Signal;
  readonly examples: readonly Example[];
}

/**
 * A signal file, checked and compiled.
 * @throws UserError `signal-invalid`, with every problem of the file at once, each with line and column
 */
export function parseSignal(text: string, fileName: string, sets?: ValueSets): SignalFile {
  const read = readSignal(text, fileName, sets);
  if ("problems" in read) throw signalError(read.problems);
  return read;
}

/** The signal, or what is wrong with its file, a line each: `file:line:column what`. */
export function readSignal(
  text: string,
  fileName: string,
  sets: ValueSets = readValueSets(signalError),
): SignalFile | { readonly problems: readonly string[] } {
  const yaml = parseYaml(text);
  const parsed = signalSchema.safeParse(yaml.value);
  const found =
    yaml.problems.length > 0
      ? yaml.problems
      : [...(parsed.success ? [] : schemaProblems(parsed.error, signalSchema, yaml)), ...senseProblems(yaml, sets)];
  if (parsed.success && found.length === 0)
    return { written: parsed.data, signal: compileSignal(parsed.data, sets), examples: parsed.data.examples.map(compileExample) };
  const inOrder = [...found].sort((a, b) => a.line - b.line || a.column - b.column);
  return { problems: inOrder.map(({ line, column, text: what }) => `${fileName}:${String(line)}:${String(column)} ${what}`) };
}

export function signalError(problems: readonly string[]): UserError {
  const count = problems.length === 1 ? "A problem" : `${String(problems.length)} problems`;
  return new UserError(
    "signal-invalid",
    [`${count} in the signals:`, ...problems.map((each) => `  ${each}`)].join("\n"),
    "Correct the lines named; src/signals/signal.schema.json lists every key and value.",
  );
}
