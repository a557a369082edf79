import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Coding } from "../domain/facts.ts";
import { didYouMean } from "../domain/nearest-name.ts";
import { schemaProblems } from "../domain/schema-problems.ts";
import type { ValueSet } from "../domain/signal.ts";
import { parseYaml, type PlacedProblem, type YamlText } from "../domain/yaml-text.ts";
import { code, codingOf, day, prose, signalId } from "./written-values.ts";

const codes = z.array(code).min(1, "Name at least one code.");

/**
 * A file of a value set: a list of codes with where it comes from and when to look at it again; or, of a site's own, codes
 * to add to one that is there, or to take out of it.
 */
const valueSetSchema = z
  .strictObject({
    id: signalId,
    title: prose.optional(),
    source: prose,
    "review-by": day,
    codes: codes.optional(),
    add: codes.optional(),
    remove: codes.optional(),
  })
  .refine((set) => (set.codes === undefined) !== (set.add === undefined && set.remove === undefined), {
    when: ({ value }) => typeof value === "object" && value !== null,
    error: "Write codes for the whole list; or add, remove or both for what differs from the list that is there.",
  });

type WrittenValueSet = z.infer<typeof valueSetSchema>;

/** A value set as its file says it. */
interface ValueSetFile extends ValueSet {
  readonly source: string;
  readonly reviewBy: string;
}

/** Lists of codes by their id. */
export type ValueSets = ReadonlyMap<string, ValueSetFile>;

let program: ValueSets | undefined;

/**
 * The value sets of the program; those of each of a site's folders go over them, id by id.
 * @throws UserError as `fail` makes it, with every problem of every file of a folder
 */
export function readValueSets(fail: (problems: readonly string[]) => Error, folders: readonly string[] = []): ValueSets {
  program ??= readOver(new Map(), join(import.meta.dirname, "value-sets"), fail, (name) => name);
  return folders.reduce((sets, folder) => readOver(sets, folder, fail, (name) => join(folder, name)), program);
}

function readOver(
  below: ValueSets,
  folder: string,
  fail: (problems: readonly string[]) => Error,
  shown: (name: string) => string,
): ValueSets {
  const sets = new Map(below);
  const fileOfId = new Map<string, string>();
  const problems: string[] = [];
  for (const name of yamlFilesOf(folder, fail)) {
    const yaml = parseYaml(readFileSync(join(folder, name), "utf8"));
    const parsed = valueSetSchema.safeParse(yaml.value);
    const found =
      yaml.problems.length > 0
        ? yaml.problems
        : parsed.success
          ? overProblems(parsed.data, below, fileOfId, yaml)
          : schemaProblems(parsed.error, valueSetSchema, yaml);
    problems.push(...found.map(({ line, column, text }) => `${shown(name)}:${String(line)}:${String(column)} ${text}`));
    if (!parsed.success || found.length > 0) continue;
    fileOfId.set(parsed.data.id, name);
    sets.set(parsed.data.id, setOver(below.get(parsed.data.id), parsed.data));
  }
  if (problems.length > 0) throw fail(problems);
  return sets;
}

/** @throws as `fail` makes it, where there is no such folder */
export function yamlFilesOf(folder: string, fail: (problems: readonly string[]) => Error): string[] {
  try {
    return readdirSync(folder)
      .filter((each) => each.endsWith(".yaml"))
      .sort();
  } catch {
    throw fail([`${folder} is no folder that can be read: correct it in followthrough.yaml (a path relative to that file).`]);
  }
}

/** What is wrong with a set only beside the others. */
function overProblems(
  { id, title, codes: whole, remove = [] }: WrittenValueSet,
  below: ValueSets,
  fileOfId: ReadonlyMap<string, string>,
  yaml: YamlText,
): PlacedProblem[] {
  const other = fileOfId.get(id);
  const base = below.get(id);
  const at = (path: readonly PropertyKey[], text: string): PlacedProblem => ({ ...yaml.placeOf(path), text });
  return [
    ...(other === undefined ? [] : [at(["id"], `${other} is about "${id}" too. Write what is of one list into one file.`)]),
    ...(whole && title === undefined ? [at(["id"], `"title" is missing here. Write what the codes have in common.`)] : []),
    ...(whole || base ? [] : [at(["id"], `There is no value set "${id}" to change.${didYouMean(id, [...below.keys()])}`)]),
    ...remove.flatMap((text, index) =>
      base && !base.codings.some(isCoding(codingOf(text)))
        ? [at(["remove", index], `"${text}" is not in "${id}", so it cannot be removed.`)]
        : [],
    ),
  ];
}

function setOver(
  base: ValueSetFile | undefined,
  { id, title, source, codes: whole, add = [], remove = [], ...rest }: WrittenValueSet,
): ValueSetFile {
  const isRemoved = (coding: Coding): boolean => remove.map(codingOf).some(isCoding(coding));
  const kept = (base?.codings ?? []).filter((coding) => !isRemoved(coding));
  const added = add.map(codingOf).filter((coding) => !kept.some(isCoding(coding)));
  return {
    id,
    title: title ?? base?.title ?? id,
    source,
    reviewBy: rest["review-by"],
    codings: whole ? whole.map(codingOf) : [...kept, ...added],
  };
}

function isCoding(one: Coding): (other: Coding) => boolean {
  return (other) => one.system === other.system && one.code === other.code;
}

/** What is wrong with a name of a value set; undefined where there is one. */
export function unknownValueSet(id: string, sets: ValueSets): string | undefined {
  if (sets.has(id)) return undefined;
  return `There is no value set "${id}".${didYouMean(id, [...sets.keys()]) || ` There are: ${[...sets.keys()].join(", ")}.`}`;
}
