import type { ActFacts } from "../domain/facts.ts";
import { readActor } from "./actor.ts";
import { isSaid, readConcept, readConcepts } from "./concept.ts";
import { dropUndefined } from "./loose-json.ts";
import { readReferences } from "./reference.ts";
import { timeOf } from "./resource.ts";
import type { Read, Resource } from "./resource.ts";
import { readVersion } from "./version.ts";

/** R4; R5 (`reason`); STU3 (`topic` for `about`). */
export function readCommunication(resource: Resource): Read<ActFacts> {
  const { json } = resource;
  const category = readConcepts(json["category"]).find(isSaid);
  const facts: ActFacts = dropUndefined({
    ...readVersion(resource),
    type: "Communication" as const,
    at: timeOf(resource, json["sent"]),
    received: timeOf(resource, json["received"]),
    code: category ?? readConcept(json["topic"]),
    author: readActor(resource, json["sender"]),
    basedOn: readReferences(resource, json["basedOn"]),
    names: readReferences(resource, json["about"], json["topic"], json["basedOn"], json["reasonReference"], json["reason"]),
  });
  const isTimed = facts.at !== undefined || facts.received !== undefined || facts.lastUpdated !== undefined;
  const untimed = facts.status === "completed" && facts.names.length > 0 && !isTimed ? "when it was sent" : undefined;
  return { facts, at: facts.at ?? facts.received, carried: [facts.received], untimed };
}
