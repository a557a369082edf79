import type { Coding, Concept } from "../domain/facts.ts";
import { hasConcept } from "./code-set.ts";
import type { CodeSet } from "./code-set.ts";
import { asList, asObject, listObjects, textOf, withOneMore } from "./loose-json.ts";
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
  const codings = addCodings(undefined, object) ?? [];
  const text = textOf(object["text"]) ?? firstDisplay(object);
  return text === undefined ? { codings } : { codings, text };
}

/** Of a concept, or of a Coding that stands in its place. */
function addCodings(codings: Coding[] | undefined, concept: JsonObject): Coding[] | undefined {
  const written = concept["coding"];
  if (written === undefined) return addCoding(codings, concept);
  let all = codings;
  for (const each of listObjects(written)) all = addCoding(all, each);
  return all;
}

function addCoding(codings: Coding[] | undefined, value: JsonObject): Coding[] | undefined {
  const code = textOf(value["code"]);
  if (code === undefined) return codings;
  const system = textOf(value["system"]);
  return withOneMore(codings, system === undefined ? { code } : { system, code });
}

function conceptOf(value: unknown): JsonObject | undefined {
  const object = asObject(value);
  if (object === undefined || object["coding"] !== undefined || object["concept"] === undefined) return object;
  return asObject(object["concept"]) ?? object;
}

function firstDisplay(concept: JsonObject): string | undefined {
  const written = concept["coding"];
  if (written === undefined) return concept["code"] === undefined ? undefined : textOf(concept["display"]);
  for (const coding of listObjects(written)) {
    const display = textOf(coding["display"]);
    if (display !== undefined) return display;
  }
  return undefined;
}

/** The codings of what `readConcept` reads, without the rest. */
export function readCodings(value: unknown): readonly Coding[] {
  return (value === undefined ? undefined : addCodingsOf(undefined, value)) ?? none;
}

/** The codings of concepts and of lists of them, together. */
export function readAllCodings(one: unknown, other: unknown): readonly Coding[] {
  return addAllCodings(addAllCodings(undefined, one), other) ?? none;
}

const none: readonly Coding[] = [];

function addAllCodings(codings: Coding[] | undefined, value: unknown): Coding[] | undefined {
  if (value === undefined) return codings;
  if (!Array.isArray(value)) return addCodingsOf(codings, value);
  let all = codings;
  for (const each of value as unknown[]) all = addCodingsOf(all, each);
  return all;
}

function addCodingsOf(codings: Coding[] | undefined, value: unknown): Coding[] | undefined {
  if (typeof value === "string") return addCoding(codings, { code: value });
  const object = conceptOf(value);
  return object === undefined ? codings : addCodings(codings, object);
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
