import type { ActFacts } from "../domain/facts.ts";
import { readActor } from "./actor.ts";
import { readConcept } from "./concept.ts";
import { asObject, dropUndefined, listObjects } from "./loose-json.ts";
import { readReferences } from "./reference.ts";
import { firstTime } from "./resource.ts";
import type { Read, Resource } from "./resource.ts";
import { readVersion } from "./version.ts";

/** R4 and STU3 (`performed[x]`); R5 (`occurrence[x]`, `reason`). */
export function readProcedure(resource: Resource): Read<ActFacts> {
  const { json } = resource;
  const period = asObject(json["performedPeriod"]) ?? asObject(json["occurrencePeriod"]);
  const performer = listObjects(json["performer"])[0];
  const facts: ActFacts = dropUndefined({
    ...readVersion(resource),
    type: "Procedure" as const,
    at: firstTime(resource, json["performedDateTime"], json["occurrenceDateTime"], period?.["start"]),
    code: readConcept(json["code"]),
    author: readActor(resource, performer) ?? readActor(resource, json["recorder"]),
    basedOn: readReferences(resource, json["basedOn"]),
    names: readReferences(resource, json["basedOn"], json["reasonReference"], json["reason"], json["supportingInfo"]),
  });
  const isTimed = facts.at !== undefined || facts.lastUpdated !== undefined;
  const end = firstTime(resource, period?.["end"]);
  return { facts, at: facts.at, carried: [end], untimed: facts.status === "completed" && !isTimed ? "when it was done" : undefined };
}
