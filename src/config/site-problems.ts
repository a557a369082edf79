import { didYouMean } from "../domain/nearest-name.ts";
import type { TextProblem, YamlText } from "../domain/yaml-text.ts";
import { listAt, textAt, valueAt } from "./written-value.ts";

type Path = readonly PropertyKey[];

/**
 * What no single value shows: names given twice, and names of things that are not there. Looks at the text as it was
 * written, right or wrong, so that these are reported together with what the schema finds.
 */
export function siteProblems(yaml: YamlText): TextProblem[] {
  const sites = listAt(yaml.value, "sites");
  return [
    ...namedTwice(sites, ["sites"], "site", yaml),
    ...sites.flatMap((site, index) => [
      ...namedTwice(listAt(site, "sources"), ["sites", index, "sources"], "source", yaml),
      ...ofTwoTeams(valueAt(site, "teams"), ["sites", index, "teams"], yaml),
      ...brokenMirrors(site, ["sites", index, "sources"], yaml),
    ]),
  ];
}

function namedTwice(list: readonly unknown[], path: Path, what: string, yaml: YamlText): TextProblem[] {
  const names = list.map((each) => textAt(each, "name"));
  return names.flatMap((name, index) => {
    if (name === undefined || names.indexOf(name) === index) return [];
    return [
      { ...yaml.placeOf([...path, index, "name"]), text: `There is another ${what} named "${name}" above. Give each a name of its own.` },
    ];
  });
}

function ofTwoTeams(teams: unknown, path: Path, yaml: YamlText): TextProblem[] {
  const members = Object.keys(typeof teams === "object" && teams !== null ? teams : {}).flatMap((team) =>
    listAt(teams, team).map((member, index) => ({ team, member, index })),
  );
  return members.flatMap(({ team, member, index }, place) => {
    const other = members.slice(0, place).find((each) => each.member === member);
    if (other === undefined) return [];
    return [
      { ...yaml.placeOf([...path, team, index]), text: `${String(member)} is of team "${other.team}" above. It can be of one alone.` },
    ];
  });
}

function brokenMirrors(site: unknown, path: Path, yaml: YamlText): TextProblem[] {
  const sources = listAt(site, "sources");
  return sources.flatMap((source, index) => {
    const mirrors = textAt(source, "mirrors");
    const others = sources.flatMap((each) => textAt(each, "name") ?? []).filter((name) => name !== textAt(source, "name"));
    if (mirrors === undefined || others.includes(mirrors)) return [];
    const hint = didYouMean(mirrors, others) || " Name another source of this site, or leave the line out.";
    return [{ ...yaml.placeOf([...path, index, "mirrors"]), text: `This site has no other source "${mirrors}".${hint}` }];
  });
}
