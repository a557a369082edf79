import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { didYouMean } from "../domain/nearest-name.ts";
import { schemaProblems } from "../domain/schema-problems.ts";
import type { ValueSet } from "../domain/signal.ts";
import { parseYaml } from "../domain/yaml-text.ts";
import { code, codingOf, day, prose, signalId } from "./written-values.ts";

/** A file of value sets: lists of codes, each with where it comes from and when to look at it again. */
const valueSetSchema = z.strictObject({
  id: signalId,
  title: prose,
  source: prose,
  "review-by": day,
  codes: z.array(code).min(1, "Name at least one code."),
});

/** A value set as its file says it. */
interface ValueSetFile extends ValueSet {
  readonly source: string;
  readonly reviewBy: string;
}

/** Lists of codes by their id. */
export type ValueSets = ReadonlyMap<string, ValueSetFile>;

let own: ValueSets | undefined;

/**
 * The value sets of the program; a site's own folder goes over them, id by id.
 * @throws UserError of `problem`, with every problem of every file
 */
export function readValueSets(fail: (problems: readonly string[]) => Error, folder?: string): ValueSets {
  own ??= readFolder(join(import.meta.dirname, "value-sets"), fail);
  return folder === undefined ? own : new Map([...own, ...readFolder(folder, fail)]);
}

function readFolder(folder: string, fail: (problems: readonly string[]) => Error): ValueSets {
  const sets = new Map<string, ValueSetFile>();
  const problems: string[] = [];
  for (const name of readdirSync(folder)
    .filter((each) => each.endsWith(".yaml"))
    .sort()) {
    const yaml = parseYaml(readFileSync(join(folder, name), "utf8"));
    const parsed = valueSetSchema.safeParse(yaml.value);
    const found = yaml.problems.length > 0 ? yaml.problems : parsed.success ? [] : schemaProblems(parsed.error, valueSetSchema, yaml);
    problems.push(...found.map(({ line, column, text }) => `${name}:${String(line)}:${String(column)} ${text}`));
    if (!parsed.success) continue;
    const { id, title, source, codes } = parsed.data;
    sets.set(id, { id, title, source, reviewBy: parsed.data["review-by"], codings: codes.map(codingOf) });
  }
  if (problems.length > 0) throw fail(problems);
  return sets;
}

/** What is wrong with a name of a value set; undefined where there is one. */
export function unknownValueSet(id: string, sets: ValueSets): string | undefined {
  if (sets.has(id)) return undefined;
  return `There is no value set "${id}".${didYouMean(id, [...sets.keys()]) || ` There are: ${[...sets.keys()].join(", ")}.`}`;
}
