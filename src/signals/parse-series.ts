import type { SeriesSignal } from "../domain/series.ts";
import { schemaProblems } from "../domain/schema-problems.ts";
import { parseYaml } from "../domain/yaml-text.ts";
import { compileSeries, compileSeriesExample, type SeriesExample } from "./compile-series.ts";
import { seriesSchema } from "./series-schema.ts";

/** A series signal and the examples that show what it says. */
export interface SeriesFile {
  readonly signal: SeriesSignal;
  readonly examples: readonly SeriesExample[];
}

const periodMs = { hour: 3_600_000, day: 86_400_000 } as const;

/** Whether a text is meant to be a signal of this template. */
export function isSeriesText(text: string): boolean {
  return /^series:/m.test(text);
}

/** The signal, or what is wrong with its file, a line each: `file:line:column what`. */
export function readSeriesFile(text: string, fileName: string): SeriesFile | { readonly problems: readonly string[] } {
  const yaml = parseYaml(text);
  const parsed = seriesSchema.safeParse(yaml.value);
  if (parsed.success && yaml.problems.length === 0)
    return {
      signal: compileSeries(parsed.data),
      examples: parsed.data.examples.map((example) => compileSeriesExample(example, periodMs[parsed.data.series.per])),
    };
  const found = yaml.problems.length > 0 || parsed.success ? yaml.problems : schemaProblems(parsed.error, seriesSchema, yaml);
  const inOrder = [...found].sort((a, b) => a.line - b.line || a.column - b.column);
  return { problems: inOrder.map(({ line, column, text: what }) => `${fileName}:${String(line)}:${String(column)} ${what}`) };
}
