import type { ActFacts, Ref } from "../domain/facts.ts";
import { isSaid, readConcept, readConcepts } from "./concept.ts";
import { dropUndefined, listObjects } from "./loose-json.ts";
import { readReferences, typeOfReference } from "./reference.ts";
import { timeOf } from "./resource.ts";
import type { Read, Resource } from "./resource.ts";
import { readPatient, readVersion } from "./version.ts";

const unbooked = new Set(["", "proposed", "pending", "waitlist", "entered-in-error"]);

/** R4; R5 (`subject`, `reason`); STU3 (`incomingReferral`). */
export function readAppointment(resource: Resource): Read<ActFacts> {
  const { json } = resource;
  const version = readVersion(resource);
  const facts: ActFacts = dropUndefined({
    ...version,
    type: "Appointment" as const,
    at: timeOf(resource, json["created"]),
    code: readConcepts(json["serviceType"]).find(isSaid) ?? readConcept(json["appointmentType"]),
    patient: version.patient ?? findPatient(resource),
    basedOn: readReferences(resource, json["basedOn"], json["incomingReferral"]),
    names: readReferences(
      resource,
      json["basedOn"],
      json["incomingReferral"],
      json["reasonReference"],
      json["reason"],
      json["supportingInformation"],
    ),
  });
  const isTimed = facts.at !== undefined || facts.lastUpdated !== undefined;
  return {
    facts,
    at: facts.at,
    carried: [timeOf(resource, json["start"])],
    untimed: unbooked.has(facts.status) || isTimed ? undefined : "when it was booked",
  };
}

function findPatient(resource: Resource): Ref | undefined {
  for (const { actor } of listObjects(resource.json["participant"])) {
    if (typeOfReference(resource, actor) === "Patient") return readPatient(resource, actor);
  }
  return undefined;
}
