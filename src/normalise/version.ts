import type { DiagnosticReportFacts, Ref } from "../domain/facts.ts";
import type { Instant } from "../domain/instant.ts";
import { hasAnyCoding } from "./code-set.ts";
import { readConcept } from "./concept.ts";
import { readIdentifiers } from "./identifier.ts";
import { asObject, dropUndefined, listObjects, lowerCase, textOf } from "./loose-json.ts";
import { readReference, typeOfReference } from "./reference.ts";
import { instantOf } from "./resource.ts";
import type { Resource } from "./resource.ts";
import { rankOfStatus } from "./status-rank.ts";

type Version = Pick<
  DiagnosticReportFacts,
  | "versionId"
  | "lastUpdated"
  | "recordedAt"
  | "statusRank"
  | "contentHash"
  | "status"
  | "voided"
  | "patient"
  | "encounter"
  | "identifiers"
  | "labels"
>;

type Always = "statusRank" | "contentHash" | "status";
type VersionParts = Pick<Version, Always> & { readonly [K in Exclude<keyof Version, Always>]: Version[K] | undefined };

/** What every version says, whatever its type. */
export function readVersion(resource: Resource): Version {
  return dropUndefined(readVersionParts(resource));
}

/** The same with what it does not say undefined, for a reader that makes one object of all. */
export function readVersionParts(resource: Resource): VersionParts {
  const { json } = resource;
  const meta = asObject(json["meta"]);
  const status = readStatus(json["status"]);
  return {
    versionId: textOf(meta?.["versionId"]),
    lastUpdated: instantOf(resource, meta?.["lastUpdated"]),
    recordedAt: readRecordedAt(resource, status),
    statusRank: rankOfStatus(status),
    contentHash: resource.contentHash,
    status,
    voided: status === "entered-in-error" ? (true as const) : undefined,
    patient: readPatient(resource, json["subject"] ?? json["patient"] ?? (resource.type === "Task" ? json["for"] : undefined)),
    encounter: readEncounter(resource),
    identifiers: json["identifier"] === undefined ? undefined : readIdentifiers(json["identifier"], resource.context.joiningSystems),
    labels: readLabels(resource),
  };
}

export function readStatus(value: unknown): string {
  const text = textOf(value);
  return text === undefined ? "" : lowerCase(text);
}

/** A reference to a patient; a group, a device or a place is none. */
export function readPatient(resource: Resource, value: unknown): Ref | undefined {
  if (value === undefined) return undefined;
  const type = typeOfReference(resource, value);
  return type === undefined || type === "Patient" ? readReference(resource, value) : undefined;
}

function readEncounter(resource: Resource): Ref | undefined {
  const value = resource.json["encounter"] ?? resource.json["context"];
  if (value === undefined) return undefined;
  const type = typeOfReference(resource, value);
  return type === undefined || type === "Encounter" ? readReference(resource, value) : undefined;
}

const recordingTimes = ["lastModified", "issued", "recorded", "authoredOn", "sent", "received", "created", "date", "recordedDate"];

/** The latest time that the content itself carries of its own recording. */
function readRecordedAt(resource: Resource, status: string): Instant | undefined {
  let latest: Instant | undefined;
  for (const name of recordingTimes) {
    const at = instantOf(resource, resource.json[name]);
    if (at !== undefined && (latest === undefined || at > latest)) latest = at;
  }
  if (resource.type !== "Task" || status !== "completed") return latest;
  const end = instantOf(resource, asObject(resource.json["executionPeriod"])?.["end"]);
  return end === undefined || (latest !== undefined && latest > end) ? latest : end;
}

function readLabels(resource: Resource): readonly ("restricted" | "test")[] | undefined {
  const meta = asObject(resource.json["meta"]);
  if (meta === undefined || (meta["security"] === undefined && meta["tag"] === undefined)) return undefined;
  const codings = [...listObjects(meta["security"]), ...listObjects(meta["tag"])].flatMap((each) => readConcept(each).codings);
  const { restricted, test } = resource.context.mapping.labels;
  const labels: ("restricted" | "test")[] = [];
  if (hasAnyCoding(restricted, codings)) labels.push("restricted");
  if (hasAnyCoding(test, codings)) labels.push("test");
  return labels.length === 0 ? undefined : labels;
}
