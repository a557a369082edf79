import type { PatientFacts } from "../domain/facts.ts";
import { dropUndefined, listObjects, textOf } from "./loose-json.ts";
import { readPersonName } from "./person-name.ts";
import { readReferences } from "./reference.ts";
import { timeOf } from "./resource.ts";
import type { Read, Resource } from "./resource.ts";
import { readVersion } from "./version.ts";

const joiningLinks = new Set(["replaces", "replaced-by"]);

export function readPatientRecord(resource: Resource): Read<PatientFacts> {
  const { json } = resource;
  const links = listObjects(json["link"]).filter((link) => joiningLinks.has(textOf(link["type"])?.toLowerCase() ?? ""));
  const deceasedAt = timeOf(resource, json["deceasedDateTime"]);
  // A time of death that cannot be read still says that the patient died.
  const died = json["deceasedBoolean"] === true || (deceasedAt === undefined && textOf(json["deceasedDateTime"]) !== undefined);
  const facts: PatientFacts = dropUndefined({
    ...readVersion(resource),
    type: "Patient" as const,
    name: readPersonName(json["name"]),
    links: readReferences(resource, ...links.map((link) => link["other"])),
    birthDate: timeOf(resource, json["birthDate"]),
    deceasedAt,
    deceased: died ? (true as const) : undefined,
  });
  return { facts, at: undefined, carried: [deceasedAt] };
}
