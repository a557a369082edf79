import type { ObservationFacts } from "../domain/facts.ts";
import type { StatedTime } from "../domain/instant.ts";
import type { ObservationContent } from "../domain/observation.ts";
import { isIn, isSaid, readConcepts } from "./concept.ts";
import { asList, asObject, dropUndefined, joinDefined, listObjects, textOf } from "./loose-json.ts";
import type { JsonObject } from "./loose-json.ts";
import { readReading } from "./reading.ts";
import { countNameless, readReferences } from "./reference.ts";
import { findContained, firstTime, timeOf } from "./resource.ts";
import type { Read, Resource } from "./resource.ts";
import { readStatus, readVersionParts } from "./version.ts";

export function readObservation(resource: Resource): Read<ObservationFacts> {
  const { json } = resource;
  const version = readVersionParts(resource);
  const content = readContent(resource, json);
  const members = readContainedMembers(resource, json);
  const facts: ObservationFacts = joinDefined(
    members.length === 0 ? content : { ...content, readings: [...content.readings, ...members] },
    {
      ...version,
      // A cancelled observation says nothing of its result, no more than one entered in error.
      voided: version.voided ?? (version.status === "cancelled" ? (true as const) : undefined),
      type: "Observation" as const,
      basedOn: readReferences(resource, json["basedOn"]),
    },
  );
  return { facts, at: content.effective ?? content.issued, carried: [content.issued] };
}

/** What an observation says, whether it stands alone or in its report. */
export function readContent(resource: Resource, json: JsonObject): ObservationContent {
  return dropUndefined({
    status: readStatus(json["status"]),
    categories: readCategories(resource, json),
    readings: [readReading(resource, json), ...listObjects(json["component"]).map((component) => readReading(resource, component))],
    ...readMembers(resource, json),
    effective: readEffective(resource, json),
    issued: timeOf(resource, json["issued"]),
  });
}

/** `effective[x]`: a period counts from its start. */
export function readEffective(resource: Resource, json: JsonObject): StatedTime | undefined {
  const period = asObject(json["effectivePeriod"]);
  return firstTime(resource, json["effectiveDateTime"], json["effectiveInstant"], period?.["start"], period?.["end"]);
}

function readCategories(resource: Resource, json: JsonObject): ObservationContent["categories"] {
  const concepts = readConcepts(json["category"]).filter(isSaid);
  if (concepts.length === 0) return [];
  return resource.context.mapping.observations.filter(([, set]) => isIn(set, concepts)).map(([category]) => category);
}

/** `hasMember`; STU3 `related` of type `has-member`. */
function readMembers(resource: Resource, json: JsonObject): Pick<ObservationContent, "members" | "namelessMembers"> {
  const related = json["related"] === undefined ? [] : listObjects(json["related"]).filter((each) => textOf(each["type"]) === "has-member");
  const listed = [...asList(json["hasMember"]), ...related.map((each) => each["target"])];
  const nameless = countNameless(resource, listed);
  return { members: readReferences(resource, ...listed), ...(nameless > 0 && { namelessMembers: nameless }) };
}

/** Members inside an observation are read with it: nothing else can bring them. */
function readContainedMembers(resource: Resource, json: JsonObject): ObservationContent["readings"] {
  if (resource.contained.length === 0) return [];
  return listObjects(json["hasMember"]).flatMap((member) => {
    const text = textOf(member["reference"]);
    const found = text?.startsWith("#") ? findContained(resource, text.slice(1)) : undefined;
    if (found === undefined || textOf(found["resourceType"]) !== "Observation") return [];
    const status = readStatus(found["status"]);
    return status === "entered-in-error" || status === "cancelled" ? [] : [...readContent(resource, found).readings];
  });
}
