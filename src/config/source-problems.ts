import type { TextProblem, YamlText } from "../domain/yaml-text.ts";
import { accessProblems } from "./access-problems.ts";
import { listAt, textAt, valueAt } from "./written-value.ts";

/** What one key of a source says only together with another, or with the environment. */
export function sourceProblems(env: Readonly<Record<string, string | undefined>>, yaml: YamlText): TextProblem[] {
  return listAt(yaml.value, "sites").flatMap((site, siteIndex) =>
    listAt(site, "sources").flatMap((source, index) => {
      if (typeof source !== "object" || source === null) return [];
      const path = ["sites", siteIndex, "sources", index];
      const at = (text: string): TextProblem => ({ ...yaml.placeOf(path), text });
      const has = (key: string): boolean => valueAt(source, key) !== undefined;
      const name = textAt(source, "name") ?? "without a name";
      const ofServers = ["tokenFrom", "auth", "tls", "proxy", "lag", "types", "bulk", "sideBySide", "counts", "budget"].filter(has);
      const bulk = valueAt(source, "bulk");
      const [level, group] = [valueAt(bulk, "level"), valueAt(bulk, "group")];
      return [
        ...(has("folder") === has("url")
          ? [at(`Source ${name} needs one of folder (files) and url (a FHIR server)${has("url") ? ", not both" : ""}.`)]
          : []),
        ...(ofServers.length > 0 && !has("url")
          ? [at(`${ofServers.join(", ")} of source ${name} is for a FHIR server: leave it out, or give a url.`)]
          : []),
        ...(bulk !== undefined && (level === "group") !== (group !== undefined)
          ? [at(`bulk of source ${name} needs group, the id of a Group of the server, with level: group, and only with it.`)]
          : []),
        ...(bulk !== undefined && has("budget")
          ? [at(`budget of source ${name} is for searches: an export has wait, how long a scan waits for it (bulk: { wait: PT2H }).`)]
          : []),
        ...accessProblems(source, name, env).map(at),
      ];
    }),
  );
}
