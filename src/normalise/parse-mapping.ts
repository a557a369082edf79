import { didYouMean } from "../domain/nearest-name.ts";
import { schemaProblems } from "../domain/schema-problems.ts";
import { parseYaml, problemsError, type TextProblem, type YamlText } from "../domain/yaml-text.ts";
import { mappingSchema, siteMappingSchema } from "./mapping-schema.ts";
import type { WrittenMapping } from "./mapping-schema.ts";
import { mergeOver } from "./merge-over.ts";

/**
 * A whole mapping, as the default one is.
 * @throws UserError `mapping`, with every problem and its place
 */
export function parseMapping(text: string, file: string): WrittenMapping {
  const yaml = parseYaml(text);
  const parsed = mappingSchema.safeParse(yaml.value);
  const problems = [
    ...yaml.problems,
    ...(parsed.success || yaml.problems.length > 0 ? [] : schemaProblems(parsed.error, mappingSchema, yaml)),
    ...unknownSystems(yaml, {}),
  ];
  if (!parsed.success || problems.length > 0) throw problemsError("mapping", file, problems);
  return parsed.data;
}

/**
 * A site's own file, merged over the default.
 * @throws UserError `mapping`, with every problem and its place
 */
export function parseSiteMapping(text: string, file: string, base: WrittenMapping): WrittenMapping {
  const yaml = parseYaml(text);
  const parsed = siteMappingSchema.safeParse(yaml.value ?? {});
  const problems = [
    ...yaml.problems,
    ...(parsed.success || yaml.problems.length > 0 ? [] : schemaProblems(parsed.error, siteMappingSchema, yaml)),
    ...unknownSystems(yaml, base.systems),
  ];
  if (!parsed.success || problems.length > 0) throw problemsError("mapping", file, problems);
  return mappingSchema.parse(mergeOver(base, parsed.data));
}

/** A system is a name of `systems` or a URL: anything else is a slip of the pen, and would match nothing in silence. */
function unknownSystems(yaml: YamlText, known: Readonly<Record<string, unknown>>): TextProblem[] {
  const own = isMap(yaml.value) && isMap(yaml.value["systems"]) ? yaml.value["systems"] : {};
  const names = [...new Set([...Object.keys(known), ...Object.keys(own)])];
  const problems: TextProblem[] = [];
  const visit = (part: unknown, path: readonly PropertyKey[]): void => {
    if (typeof part !== "object" || part === null) return;
    for (const [key, member] of Object.entries(part)) {
      const here = [...path, Array.isArray(part) ? Number(key) : key];
      if (key !== "system" || typeof member !== "string") visit(member, here);
      else if (!names.includes(member) && !member.includes(":")) {
        const hint = didYouMean(member, names) || " Name it under systems, or write its whole URL.";
        problems.push({ ...yaml.placeOf(here), text: `"${member}" is neither a name under systems nor a URL.${hint}` });
      }
    }
  };
  visit(yaml.value, []);
  return problems;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
