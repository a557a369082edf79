import type { PartyFacts } from "../domain/party-facts.ts";
import { readConcepts } from "./concept.ts";
import { dropUndefined, listObjects, textOf } from "./loose-json.ts";
import { readPersonName } from "./person-name.ts";
import { readReference, readReferences } from "./reference.ts";
import type { Read, Resource } from "./resource.ts";
import { readVersion } from "./version.ts";

/** People and organisations: Practitioner, PractitionerRole, Person, RelatedPerson, Organization, CareTeam, HealthcareService. */
export function readParty(resource: Resource): Read<PartyFacts> {
  const { json } = resource;
  const facts: PartyFacts = dropUndefined({
    ...readVersion(resource),
    type: resource.type as PartyFacts["type"],
    links: readReferences(resource, ...listObjects(json["link"]).map((link) => link["target"])),
    practitioner: readReference(resource, json["practitioner"]),
    organization: readReference(resource, json["organization"] ?? json["managingOrganization"] ?? json["providedBy"]),
    name: readName(resource),
  });
  return { facts };
}

function readName(resource: Resource): string | undefined {
  const { json } = resource;
  if (typeof json["name"] === "string") return textOf(json["name"]);
  return readPersonName(json["name"]) ?? readConcepts(json["code"]).find(({ text }) => text !== undefined)?.text;
}
