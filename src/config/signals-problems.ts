import { resolve } from "node:path";
import type { TextProblem, YamlText } from "../domain/yaml-text.ts";
import { listAt, textAt, valueAt } from "./written-value.ts";

type Path = readonly PropertyKey[];

/** Finds what is wrong with what stands at a path under `signals`, with the folders of own signals and value sets that count there. */
export type CheckSignals = (
  written: unknown,
  path: Path,
  yaml: YamlText,
  folders: { readonly ownSignals: readonly string[]; readonly valueSets: readonly string[] },
) => readonly TextProblem[];

/** What is wrong with what is said of signals, for every site and for each: in the text as it was written, right or wrong. */
export function signalsProblems(check: CheckSignals, base: string, yaml: YamlText): TextProblem[] {
  const every = valueAt(yaml.value, "allSites");
  const places: readonly (readonly [unknown, Path])[] = [
    [every, ["allSites"]],
    ...listAt(yaml.value, "sites").map((site, index) => [site, ["sites", index]] as const),
  ];
  return places.flatMap(([place, path]) => {
    const folders = (key: string): string[] =>
      [...new Set([textAt(every, key), textAt(place, key)])].flatMap((each) => (each === undefined ? [] : [resolve(base, each)]));
    return check(valueAt(place, "signals"), [...path, "signals"], yaml, {
      ownSignals: folders("ownSignals"),
      valueSets: folders("valueSets"),
    });
  });
}
