import { iso } from "./iso.ts";
import type { Instant } from "../london-time.ts";

export type Json = Record<string, unknown>;

/** One version of a resource, and when the EPR stored it. */
export interface FhirRecord {
  readonly type: string;
  readonly storedAt: Instant;
  readonly body: Json;
}

export interface Version {
  readonly at: Instant;
  readonly content: Json;
}

/** The versions of one record, in order of time, numbered from 1. */
export function recordOf(key: string, versions: readonly Version[]): FhirRecord[] {
  const [type = "", id = ""] = key.split("/");
  return versions.map(({ at, content }, place) => ({
    type,
    storedAt: at,
    body: withoutGaps({ resourceType: type, id, meta: { versionId: String(place + 1), lastUpdated: iso(at) }, ...content }),
  }));
}

/** Content may say `field: known ? value : undefined`; NDJSON has no place for it. */
function withoutGaps(content: Json): Json {
  return Object.fromEntries(Object.entries(content).filter(([, value]) => value !== undefined));
}

export function reference(key: string): Json {
  return { reference: key };
}

export function concept(system: string, code: string, display?: string): Json {
  return { coding: [{ system, code, ...(display !== undefined && { display }) }], ...(display !== undefined && { text: display }) };
}

export const HL7 = "http://terminology.hl7.org/CodeSystem";
