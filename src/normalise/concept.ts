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
  let object = asObject(value);
  if (object === undefined) return nothing;
  if (object["coding"] === undefined && object["concept"] !== undefined) object = asObject(object["concept"]) ?? object;
  const written = object["coding"] === undefined && object["code"] !== undefined ? [object] : listObjects(object["coding"]);
  const codings: Coding[] = [];
  for (const each of written) {
    const coding = readCoding(each);
    if (coding !== undefined) codings.push(coding);
  }
  const text = textOf(object["text"]) ?? firstDisplay(written);
  return text === undefined ? { codings } : { codings, text };
}

function firstDisplay(codings: readonly JsonObject[]): string | undefined {
  for (const coding of codings) {
    const display = textOf(coding["display"]);
    if (display !== undefined) return display;
  }
  return undefined;
}

function readCoding(value: JsonObject): Coding | undefined {
  const code = textOf(value["code"]);
  if (code === undefined) return undefined;
  const system = textOf(value["system"]);
  return system === undefined ? { code } : { system, code };
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
