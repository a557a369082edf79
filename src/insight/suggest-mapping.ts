import type { EventShape, ShownCode } from "./event-shape.ts";

export interface UnmappedShape extends EventShape {
  readonly count: number;
}

/** What a clinician looks at when a result is looked at. Shapes that name none of these tell nothing of a result. */
const ofResults = ["DiagnosticReport", "Observation", "identifier"];

const mostSuggested = 12;

/** Whether a mapping can make something of it: it names a result, and a code tells it apart. */
function canBeMapped({ from, codes, names }: EventShape): boolean {
  const tells = from === "AuditEvent" ? ["subtype", "type"] : from === "Task" ? ["code", "business-status"] : ["activity"];
  return names.some((name) => ofResults.includes(name)) && tells.some((element) => codes[element] !== undefined);
}

/**
 * A mapping file to paste, as text: it validates, and makes every shape in it known. Everything is put under `viewed`, which
 * closes nothing that a look must not close: whoever knows the EPR moves what is an acknowledgement. Undefined: nothing to map.
 */
export function suggestMapping(shapes: readonly UnmappedShape[]): string | undefined {
  const mappable = shapes.filter(canBeMapped).slice(0, mostSuggested);
  if (mappable.length === 0) return undefined;
  return [
    "# Name this file at the site in followthrough.yaml: mapping: ./epr-mapping.yaml",
    "# Each line is a way in which records name a result and say what we do not know.",
    "# All stand under viewed, the least that they can mean. Move each to where it",
    "# belongs (acknowledged, communicated), and delete what means none of them.",
    "evidence:",
    "  viewed:",
    "    add:",
    ...mappable.flatMap((shape) => [`      # ${shape.count} in the sample, naming ${shape.names.join(", ")}`, `      - ${entryOf(shape)}`]),
    "  acknowledged:",
    "    add: []",
    "  communicated:",
    "    add: []",
    "",
  ].join("\n");
}

function entryOf({ from, codes }: EventShape): string {
  const elements = Object.entries(codes).filter(([element]) => element !== "entity-type" && !(element === "type" && codes["subtype"]));
  const status = from === "Task" ? ["status: [completed]"] : [];
  return `{ ${[`from: ${from}`, ...elements.map(([element, each]) => `${element}: [${each.map(codeOf).join(", ")}]`), ...status].join(", ")} }`;
}

function codeOf({ system, code }: ShownCode): string {
  return system === undefined ? quoted(code) : `{ system: ${quoted(system)}, codes: [${quoted(code)}] }`;
}

/** JSON's quotes are YAML's too; `Y`, `no` and `1.0` are texts only in quotes. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
