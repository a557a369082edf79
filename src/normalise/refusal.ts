import type { Key } from "../domain/facts.ts";
import { asObject, dropUndefined } from "./loose-json.ts";
import type { JsonObject } from "./loose-json.ts";
import type { RefusalCode, Refused } from "./normalised.ts";
import { readReferences, readReferenceText, typeOfKey } from "./reference.ts";
import { instantOf, listContained } from "./resource.ts";
import type { NormaliseContext, Resource } from "./resource.ts";
import { readPatient } from "./version.ts";

const loopTypes = new Set(["DiagnosticReport", "ServiceRequest", "MedicationRequest", "Task"]);
const patientMembers = ["subject", "patient", "for"];
const eventTimes = ["recorded", "issued", "lastModified", "authoredOn", "sent", "created"];
/** Enough for any real resource; keeps a hostile one cheap. */
const mostVisited = 20_000;

/**
 * A refusal, with what can still be told of the resource: the loops that it bears on are blind to it. It is read
 * without its type's reader, for it may be no such resource at all.
 */
export function refuse(
  code: RefusalCode,
  reason: string,
  json: JsonObject,
  context: NormaliseContext,
  known: { type?: string; key?: Key },
): Refused {
  const resource: Resource = {
    json,
    type: known.type ?? "",
    key: known.key ?? "",
    contentHash: "",
    contained: listContained(json),
    context,
  };
  const named = listNamed(resource);
  const loops = named.filter((key) => key !== known.key && loopTypes.has(typeOfKey(key) ?? ""));
  return dropUndefined({
    kind: "refused" as const,
    code,
    reason,
    ...known,
    names: [...new Set([...loops, ...listIdentified(resource)])],
    patient: findPatient(resource) ?? named.find((key) => typeOfKey(key) === "Patient"),
    eventAt: findEventTime(resource),
  });
}

function findEventTime(resource: Resource): number | undefined {
  for (const name of eventTimes) {
    const at = instantOf(resource, resource.json[name]);
    if (at !== undefined) return at;
  }
  return instantOf(resource, asObject(resource.json["meta"])?.["lastUpdated"]);
}

function findPatient(resource: Resource): Key | undefined {
  for (const name of patientMembers) {
    const key = readPatient(resource, resource.json[name])?.key;
    if (key !== undefined) return key;
  }
  return undefined;
}

/** What a Task or report rests on, where it says so by an identifier alone. */
function listIdentified(resource: Resource): Key[] {
  return readReferences(resource, resource.json["focus"], resource.json["basedOn"]).flatMap(({ key }) => (key.includes("|") ? [key] : []));
}

/** Every key that a `reference` anywhere in the resource names. */
function listNamed(resource: Resource): Key[] {
  const keys = new Set<Key>();
  const waiting: unknown[] = [resource.json];
  for (let visited = 0; waiting.length > 0 && visited < mostVisited; visited += 1) {
    const part = waiting.pop();
    if (typeof part !== "object" || part === null) continue;
    const reference: unknown = Array.isArray(part) ? undefined : (part as JsonObject)["reference"];
    const key = typeof reference === "string" ? readReferenceText(resource, reference)?.key : undefined;
    if (key !== undefined) keys.add(key);
    for (const member of Object.values(part)) if (typeof member === "object" && member !== null) waiting.push(member);
  }
  return [...keys].toSorted();
}
