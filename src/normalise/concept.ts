import type { Coding, Concept } from "../domain/facts.ts";
import { hasConcept } from "./code-set.ts";
import type { CodeSet } from "./code-set.ts";
import { asList, asObject, listObjects, textOf } from "./loose-json.ts";
import type { JsonObject } from "./loose-json.ts";

const nothing: Concept = { codings: [] };

/** A CodeableConcept, a Coding, a bare code, or the concept of R5's CodeableReference. */
export function readConcept(value: unknown): Concept {
  if (typeof value === "string") {
    const code = textOf(value);
    return code === undefined ? nothing : { codings: [{ code }], text: code };
  }
  const object = conceptOf(value);
  if (object === undefined) return nothing;
  const written = listCodings(object);
  const codings: Coding[] = [];
  for (const each of written) addCoding(codings, each);
  const text = textOf(object["text"]) ?? firstDisplay(written);
  return text === undefined ? { codings } : { codings, text };
}

function addCodings(codings: Coding[], value: unknown): void {
  if (typeof value === "string") addCoding(codings, { code: value });
  const object = conceptOf(value);
  if (object !== undefined) for (const each of listCodings(object)) addCoding(codings, each);
}

function conceptOf(value: unknown): JsonObject | undefined {
  const object = asObject(value);
  if (object === undefined || object["coding"] !== undefined || object["concept"] === undefined) return object;
  return asObject(object["concept"]) ?? object;
}

/** The codings of a Coding are itself. */
function listCodings(concept: JsonObject): readonly JsonObject[] {
  return concept["coding"] === undefined && concept["code"] !== undefined ? [concept] : listObjects(concept["coding"]);
}

function firstDisplay(codings: readonly JsonObject[]): string | undefined {
  for (const coding of codings) {
    const display = textOf(coding["display"]);
    if (display !== undefined) return display;
  }
  return undefined;
}

function addCoding(codings: Coding[], value: JsonObject): void {
  const code = textOf(value["code"]);
  if (code === undefined) return;
  const system = textOf(value["system"]);
  codings.push(system === undefined ? { code } : { system, code });
}

/** The codings of concepts, lists of them and what stands in their place. */
export function readCodings(...values: readonly unknown[]): readonly Coding[] {
  const codings: Coding[] = [];
  for (const value of values) {
    if (Array.isArray(value)) for (const each of value as unknown[]) addCodings(codings, each);
    else if (value !== undefined) addCodings(codings, value);
  }
  return codings;
}

/** Every concept of a list, or the one that stands in its place. */
export function readConcepts(value: unknown): readonly Concept[] {
  return value === undefined ? [] : asList(value).map(readConcept);
}

export function isSaid(concept: Concept): boolean {
  return concept.codings.length > 0 || concept.text !== undefined;
}

export function isIn(set: CodeSet, concepts: readonly Concept[]): boolean {
  for (const concept of concepts) if (hasConcept(set, concept)) return true;
  return false;
}
