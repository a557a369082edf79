import type { Concept, Told } from "../domain/facts.ts";
import { madeFrom, type MadeFrom } from "../domain/made-from.ts";
import type { CodeSet } from "./code-set.ts";
import { isIn, readConcept, readConcepts } from "./concept.ts";
import type { Element, WrittenEvidence } from "./evidence-schema.ts";
import { asObject, listObjects, textOf } from "./loose-json.ts";
import type { JsonObject } from "./loose-json.ts";
import type { WrittenGroup } from "./mapping-schema.ts";
import type { Resource } from "./resource.ts";

/** What tells of looks, acknowledgements and messages otherwise than usual, by resource type; nothing of the other types. */
export type Evidence = ReadonlyMap<string, TypeEvidence>;

interface TypeEvidence {
  readonly ways: readonly Way[];
  readonly saysNot: readonly Told[];
}

/** Codes that every one of some elements must have. */
interface Way {
  readonly told: Told;
  readonly conditions: readonly (readonly [Element, CodeSet])[];
}

/** The types that say each of them in a usual way. */
const usual: readonly (readonly [Told, readonly string[]])[] = [
  ["result.viewed", ["AuditEvent"]],
  ["result.acknowledged", ["Task", "AuditEvent", "Provenance"]],
  ["result.communicated", ["Communication"]],
];

export function buildEvidence(
  written: WrittenEvidence,
  setOf: (groups: readonly WrittenGroup[]) => CodeSet,
): { evidence: Evidence; madeFrom: MadeFrom } {
  const lists = {
    "result.viewed": written.viewed,
    "result.acknowledged": written.acknowledged,
    "result.communicated": written.communicated,
  };
  const byType = new Map<string, { ways: Way[]; saysNot: Told[] }>();
  const of = (type: string) => {
    const held = byType.get(type) ?? { ways: [], saysNot: [] };
    byType.set(type, held);
    return held;
  };
  for (const [told, types] of usual) {
    for (const type of types) if (!lists[told].some((way) => way === type)) of(type).saysNot.push(told);
    for (const way of lists[told]) {
      if (typeof way === "string") continue;
      const { from, ...elements } = way;
      const conditions = Object.entries(from === "Task" ? { status: ["completed"], ...elements } : elements).map(
        ([element, codes]) =>
          [element as Element, setOf((codes ?? []).map((code) => (typeof code === "string" ? { codes: [code] } : code)))] as const,
      );
      of(from).ways.push({ told, conditions });
    }
  }
  const typesOf = (told: Told): string[] => [...new Set(lists[told].map((way) => (typeof way === "string" ? way : way.from)))];
  const own = Object.fromEntries(usual.map(([told]) => [told, typesOf(told)]));
  return { evidence: byType, madeFrom: { ...madeFrom, ...own } };
}

/** What the site's mapping has a resource say otherwise than usual; undefined where it has nothing to say of its type. */
export function readTold(resource: Resource): { says?: readonly Told[]; saysNot?: readonly Told[]; review?: "told" } | undefined {
  const ofType = resource.context.mapping.evidence.get(resource.type);
  if (ofType === undefined) return undefined;
  const holds = ([element, codes]: Way["conditions"][number]): boolean => isIn(codes, readElement[element](resource.json));
  const says = [...new Set(ofType.ways.filter((way) => way.conditions.every(holds)).map(({ told }) => told))];
  // A Task by its code is the same before it comes to the status that tells something.
  const isToldLater =
    resource.type === "Task" && ofType.ways.some((way) => way.conditions.filter(([element]) => element === "code").some(holds));
  return {
    ...(says.length > 0 && { says }),
    ...(ofType.saysNot.length > 0 && { saysNot: ofType.saysNot }),
    ...(isToldLater && { review: "told" as const }),
  };
}

const readElement: Readonly<Record<Element, (json: JsonObject) => readonly Concept[]>> = {
  type: (json) => [...readConcepts(json["type"]), ...readConcepts(json["category"])],
  subtype: (json) => [...readConcepts(json["subtype"]), ...readConcepts(json["code"])],
  action: ({ action }) => codeOf(action),
  "entity-type": (json) => listObjects(json["entity"]).flatMap((entity) => readConcepts(entity["type"])),
  "entity-role": (json) => listObjects(json["entity"]).flatMap((entity) => readConcepts(entity["role"])),
  activity: (json) => readConcepts(json["activity"]),
  agent: (json) => listObjects(json["agent"]).flatMap((agent) => [...readConcepts(agent["type"]), ...readConcepts(agent["role"])]),
  code: (json) => [readConcept(json["code"])],
  "business-status": (json) => [readConcept(json["businessStatus"])],
  status: ({ status }) => codeOf(status),
  category: (json) => readConcepts(json["category"]),
  medium: (json) => readConcepts(json["medium"]),
};

function codeOf(value: unknown): readonly Concept[] {
  const code = textOf(asObject(value)?.["code"] ?? value);
  return code === undefined ? [] : [{ codings: [{ code }] }];
}
