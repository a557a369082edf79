import type { EncounterFacts } from "../domain/facts.ts";
import { readConcepts } from "./concept.ts";
import { asObject, dropUndefined, listObjects } from "./loose-json.ts";
import { readReference } from "./reference.ts";
import { instantOf, timeOf } from "./resource.ts";
import type { Read, Resource } from "./resource.ts";
import { readVersion } from "./version.ts";

/** R4 and STU3; R5 (`actualPeriod`, a list of classes). */
export function readEncounter(resource: Resource): Read<EncounterFacts> {
  const { json } = resource;
  const period = asObject(json["period"]) ?? asObject(json["actualPeriod"]);
  const facts: EncounterFacts = dropUndefined({
    ...readVersion(resource),
    type: "Encounter" as const,
    classCode: classOf(json["class"]),
    classHistory: readClassHistory(resource),
    start: timeOf(resource, period?.["start"]),
    end: timeOf(resource, period?.["end"]),
    serviceProvider: readReference(resource, json["serviceProvider"]),
  });
  return { facts, at: facts.start, carried: [facts.end] };
}

function classOf(value: unknown): string | undefined {
  for (const concept of readConcepts(value)) if (concept.codings[0] !== undefined) return concept.codings[0].code;
  return undefined;
}

function readClassHistory(resource: Resource): EncounterFacts["classHistory"] {
  return listObjects(resource.json["classHistory"]).flatMap((entry) => {
    const code = classOf(entry["class"]);
    const period = asObject(entry["period"]);
    return code === undefined
      ? []
      : [dropUndefined({ code, from: instantOf(resource, period?.["start"]), to: timeOf(resource, period?.["end"])?.end })];
  });
}
