import type { ActFacts } from "../domain/facts.ts";
import { readActor } from "./actor.ts";
import { isSaid, readConcept, readConcepts } from "./concept.ts";
import { asList, dropUndefined } from "./loose-json.ts";
import { readReferences } from "./reference.ts";
import { timeOf } from "./resource.ts";
import type { Read, Resource } from "./resource.ts";
import { readStatus, readVersion } from "./version.ts";

const inactive = new Set(["", "draft", "entered-in-error"]);

/** R4; R5 (`custodian` for `author`); STU3 (several authors: the first). */
export function readCarePlan(resource: Resource): Read<ActFacts> {
  const { json } = resource;
  const facts: ActFacts = dropUndefined({
    ...readVersion(resource),
    type: "CarePlan" as const,
    intent: readStatus(json["intent"]) || undefined,
    at: timeOf(resource, json["created"]),
    code: readConcepts(json["category"]).find(isSaid) ?? readConcept(json["title"]),
    author: readActor(resource, asList(json["author"])[0] ?? json["custodian"]),
    basedOn: readReferences(resource, json["basedOn"]),
    names: readReferences(resource, json["basedOn"], json["supportingInfo"]),
  });
  const isTimed = facts.at !== undefined || facts.lastUpdated !== undefined;
  return {
    facts,
    at: facts.at,
    untimed: !inactive.has(facts.status) && facts.names.length > 0 && !isTimed ? "when it was made" : undefined,
  };
}
