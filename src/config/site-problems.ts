import { didYouMean } from "../domain/nearest-name.ts";
import type { SiteEntry } from "./config-schema.ts";
import type { TextProblem, YamlText } from "./yaml-text.ts";

/** What no single value shows: names given twice, and names of things that are not there. */
export function siteProblems(sites: readonly SiteEntry[], signalIds: readonly string[] | undefined, yaml: YamlText): TextProblem[] {
  return [
    ...namedTwice(sites, ["sites"], "site", yaml),
    ...sites.flatMap((site, index) => [
      ...namedTwice(site.sources, ["sites", index, "sources"], "source", yaml),
      ...brokenMirrors(site, index, yaml),
      ...unknownSignals(site, index, signalIds, yaml),
    ]),
  ];
}

function namedTwice(list: readonly { readonly name: string }[], path: readonly PropertyKey[], what: string, yaml: YamlText): TextProblem[] {
  return list.flatMap(({ name }, index) => {
    if (list.findIndex((each) => each.name === name) === index) return [];
    return [{ ...yaml.placeOf([...path, index, "name"]), text: `There is another ${what} named "${name}" above: give each a name of its own.` }];
  });
}

function brokenMirrors(site: SiteEntry, index: number, yaml: YamlText): TextProblem[] {
  return site.sources.flatMap((source, place) => {
    const others = site.sources.map((each) => each.name).filter((name) => name !== source.name);
    if (source.mirrors === undefined || others.includes(source.mirrors)) return [];
    const hint = didYouMean(source.mirrors, others) || " Name another source of this site, or leave the line out.";
    return [{ ...yaml.placeOf(["sites", index, "sources", place, "mirrors"]), text: `Site "${site.name}" has no other source "${source.mirrors}".${hint}` }];
  });
}

function unknownSignals(site: SiteEntry, index: number, signalIds: readonly string[] | undefined, yaml: YamlText): TextProblem[] {
  if (signalIds === undefined) return [];
  return Object.keys(site.signals)
    .filter((id) => !signalIds.includes(id))
    .map((id) => {
      const hint = didYouMean(id, signalIds) || ` Known: ${signalIds.join(", ")}.`;
      return { ...yaml.placeOfKey(["sites", index, "signals"], id), text: `"${id}" is no signal.${hint}` };
    });
}
