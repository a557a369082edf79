import type { Ref } from "../domain/facts.ts";
import { parseAuditQuery } from "./audit-query.ts";
import { hasAnyCoding } from "./code-set.ts";
import { readConcept } from "./concept.ts";
import { asObject, listObjects, textOf } from "./loose-json.ts";
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
  const records: Ref[] = [];
  const searched: string[] = [];
  let patient: Ref | undefined;
  let patientWeight = 0;
  let hasQuery = false;
  let patientIsRecord = false;
  const addPatient = (ref: Ref | undefined, weight: number) => {
    if (ref !== undefined && weight > patientWeight) [patient, patientWeight] = [ref, weight];
  };
  for (const entity of listObjects(resource.json["entity"])) {
    const what =
      entity["what"] ?? entity["reference"] ?? (entity["identifier"] === undefined ? undefined : { identifier: entity["identifier"] });
    const named = readReference(resource, what) ?? readNamedInText(resource, entity);
    if (isPatient(resource, entity, what, named)) {
      addPatient(named ?? readPatientName(resource, entity), 3);
      patientIsRecord ||= hasRole(entity, resource.context.mapping.audit.recordRole);
    } else {
      if (named !== undefined && !records.some(({ key }) => key === named.key)) records.push(named);
      addPatient(readSubject(resource, what), 2);
      addPatient(readPatientName(resource, entity), 1);
    }
    if (entity["query"] !== undefined) {
      hasQuery = true;
      const query = parseAuditQuery(resource, entity["query"]);
      for (const type of query.types) if (!searched.includes(type)) searched.push(type);
      addPatient(query.patient, 2);
    }
  }
  const isOfPatient = patientWeight === 3 && (patientIsRecord || (records.length === 0 && !hasQuery));
  return { records, patient, isOfPatient, searched, hasQuery };
}

function hasRole(entity: JsonObject, set: Parameters<typeof hasAnyCoding>[0]): boolean {
  return entity["role"] !== undefined && hasAnyCoding(set, readConcept(entity["role"]).codings);
}

/** By the type of what it names; where that does not say, by its role (1: patient) or its own type. */
function isPatient(resource: Resource, entity: JsonObject, what: unknown, named: Ref | undefined): boolean {
  const { patientRole, patientType, personType } = resource.context.mapping.audit;
  const type = typeOfReference(resource, what) ?? (named === undefined ? undefined : typeOfReference(resource, named.key));
  if (type !== undefined) return type === "Patient";
  if (hasRole(entity, patientRole)) return true;
  if (entity["type"] === undefined) return false;
  const types = readConcept(entity["type"]).codings;
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
