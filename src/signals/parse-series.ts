import { schemaProblems } from "../domain/schema-problems.ts";
import type { SeriesSignal } from "../domain/series.ts";
import { parseYaml } from "../domain/yaml-text.ts";
import { compileSeries, compileSeriesExample, type SeriesExample } from "./compile-series.ts";
import { signalError } from "./parse-signal.ts";
import { readValueSets, type ValueSets } from "./read-value-sets.ts";
import { unknownSets } from "./sense-problems.ts";
import { seriesSchema, type WrittenSeries } from "./series-schema.ts";

/** A series signal and the examples that show what it says. */
export interface SeriesFile {
  readonly signal: SeriesSignal;
  readonly examples: readonly SeriesExample[];
  /** As it stands, so that it can be compiled with other lists of codes. */
  readonly written: WrittenSeries;
}

export const periodMs = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000 } as const;

/** Whether a text is meant to be a signal of this template. */
export function isSeriesText(text: string): boolean {
  return /^series:/m.test(text);
}

/** The signal, or what is wrong with its file, a line each: `file:line:column what`. */
export function readSeriesFile(
  text: string,
  fileName: string,
  sets: ValueSets = readValueSets(signalError),
): SeriesFile | { readonly problems: readonly string[] } {
  const yaml = parseYaml(text);
  const parsed = seriesSchema.safeParse(yaml.value);
  const found =
    yaml.problems.length > 0
      ? yaml.problems
      : [...(parsed.success ? [] : schemaProblems(parsed.error, seriesSchema, yaml)), ...unknownSets(yaml.value, [], yaml, sets)];
  if (parsed.success && found.length === 0)
    return {
      signal: compileSeries(parsed.data, sets),
      written: parsed.data,
      examples: parsed.data.examples.map((example) => compileSeriesExample(example, periodMs[parsed.data.series.per])),
    };
  const inOrder = [...found].sort((a, b) => a.line - b.line || a.column - b.column);
  return { problems: inOrder.map(({ line, column, text: what }) => `${fileName}:${String(line)}:${String(column)} ${what}`) };
}
