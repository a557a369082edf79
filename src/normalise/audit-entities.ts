import type { Ref } from "../domain/facts.ts";
import { parseAuditQuery, type AuditQuery } from "./audit-query.ts";
import { hasAnyCoding } from "./code-set.ts";
import { readCodings } from "./concept.ts";
import { asObject, listObjects, textOf, withOneMore } from "./loose-json.ts";
import type { JsonObject } from "./loose-json.ts";
import { readReference, readReferenceText, typeOfReference } from "./reference.ts";
import { findContained } from "./resource.ts";
import type { Resource } from "./resource.ts";
import { readPatient } from "./version.ts";

/** What the entities of an AuditEvent name. */
export interface Entities {
  readonly records: readonly Ref[];
  readonly patient: Ref | undefined;
  /** The patient's own record is what was read or changed: it has that role, or nothing else is named. */
  readonly isOfPatient: boolean;
  readonly searched: readonly string[];
  readonly hasQuery: boolean;
}

export function readEntities(resource: Resource): Entities {
  let records: Ref[] | undefined;
  let searched: string[] | undefined;
  let patient: NamedPatient | undefined;
  let hasQuery = false;
  let patientIsRecord = false;
  for (const entity of listObjects(resource.json["entity"])) {
    const what =
      entity["what"] ?? entity["reference"] ?? (entity["identifier"] === undefined ? undefined : { identifier: entity["identifier"] });
    const named = readReference(resource, what) ?? readNamedInText(resource, entity);
    const isItself = isPatient(resource, entity, what, named);
    if (isItself) patientIsRecord ||= hasRole(entity, resource.context.mapping.audit.recordRole);
    else if (named !== undefined && !isNamed(records, named)) records = withOneMore(records, named);
    const query = entity["query"] === undefined ? undefined : parseAuditQuery(resource, entity["query"]);
    if (query !== undefined) {
      hasQuery = true;
      for (const type of query.types) if (searched?.includes(type) !== true) searched = withOneMore(searched, type);
    }
    const own = isItself ? (named ?? readPatientName(resource, entity)) : undefined;
    const found = own === undefined ? readOtherPatient(resource, entity, isItself ? undefined : what, query) : { ref: own, weight: 3 };
    if (found !== undefined && found.weight > (patient?.weight ?? 0)) patient = found;
  }
  const isOfPatient = patient?.weight === 3 && (patientIsRecord || (records === undefined && !hasQuery));
  return { records: records ?? none, patient: patient?.ref, isOfPatient, searched: searched ?? none, hasQuery };
}

/** An entity that is a patient weighs 3, the patient of a record or of a query 2, a name that is a patient's number 1. */
interface NamedPatient {
  readonly ref: Ref;
  readonly weight: number;
}

function readOtherPatient(resource: Resource, entity: JsonObject, what: unknown, query: AuditQuery | undefined): NamedPatient | undefined {
  const ref = readSubject(resource, what) ?? query?.patient;
  if (ref !== undefined) return { ref, weight: 2 };
  const named = readPatientName(resource, entity);
  return named === undefined ? undefined : { ref: named, weight: 1 };
}

const none: readonly never[] = [];

function isNamed(records: readonly Ref[] | undefined, ref: Ref): boolean {
  return records?.some(({ key }) => key === ref.key) === true;
}

function hasRole(entity: JsonObject, set: Parameters<typeof hasAnyCoding>[0]): boolean {
  return entity["role"] !== undefined && hasAnyCoding(set, readCodings(entity["role"]));
}

/** By the type of what it names; where that does not say, by its role (1: patient) or its own type. */
function isPatient(resource: Resource, entity: JsonObject, what: unknown, named: Ref | undefined): boolean {
  const { patientRole, patientType, personType } = resource.context.mapping.audit;
  const type = typeOfReference(resource, what) ?? (named === undefined ? undefined : typeOfReference(resource, named.key));
  if (type !== undefined) return type === "Patient";
  if (hasRole(entity, patientRole)) return true;
  if (entity["type"] === undefined) return false;
  const types = readCodings(entity["type"]);
  return hasAnyCoding(patientType, types) || (entity["role"] === undefined && hasAnyCoding(personType, types));
}

/** `Patient/x` or another record, written into the entity's name or detail because there was no better place. */
function readNamedInText(resource: Resource, entity: JsonObject): Ref | undefined {
  const texts = [entity["name"], ...listObjects(entity["detail"]).flatMap((detail) => [detail["valueString"], detail["value"]])];
  for (const text of texts) {
    if (typeof text === "string" && /^(?:https?:\/\/\S+\/)?[A-Z][A-Za-z]{2,}\/[A-Za-z0-9.-]{1,64}(?:\/_history\/\S+)?$/.test(text.trim())) {
      const ref = readReferenceText(resource, text);
      if (ref !== undefined) return ref;
    }
  }
  return undefined;
}

function readPatientName(resource: Resource, entity: JsonObject): Ref | undefined {
  const name = textOf(entity["name"]);
  if (name === undefined) return undefined;
  const known = resource.context.mapping.audit.patientNames.find(({ pattern }) => pattern.test(name));
  return known === undefined ? undefined : { key: `${known.system}|${name}` };
}

/** The patient of a contained resource. */
function readSubject(resource: Resource, what: unknown): Ref | undefined {
  const text = textOf(asObject(what)?.["reference"]);
  if (text === undefined || !text.startsWith("#")) return undefined;
  const found = findContained(resource, text.slice(1));
  return found === undefined ? undefined : readPatient(resource, found["subject"] ?? found["patient"]);
}
