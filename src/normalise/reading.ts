import type { Concept } from "../domain/facts.ts";
import type { Quantity, Reading, ReferenceRange } from "../domain/observation.ts";
import { isIn, readConcept, readConcepts } from "./concept.ts";
import { asObject, dropUndefined, listObjects, numberOf, textOf } from "./loose-json.ts";
import type { JsonObject } from "./loose-json.ts";
import type { Resource } from "./resource.ts";

const ucum = new Set(["http://unitsofmeasure.org", "urn:oid:2.16.840.1.113883.6.8"]);

/** The coded value of an Observation or of one of its components. */
export function readReading(resource: Resource, json: JsonObject): Reading {
  const quantity = asObject(json["valueQuantity"]);
  return dropUndefined({
    code: readConcept(json["code"]),
    value: quantity === undefined ? readPlainNumber(json["valueInteger"]) : readQuantity(quantity),
    interpretations: readInterpretations(json["interpretation"]),
    ranges: json["referenceRange"] === undefined ? [] : readRanges(resource, json["referenceRange"]),
    conclusions: readConclusions(json["interpretation"]),
    answer: json["valueCodeableConcept"] === undefined ? undefined : readConcept(json["valueCodeableConcept"]),
    display: quantity === undefined ? displayOther(json) : displayQuantity(quantity),
  });
}

function readPlainNumber(value: unknown): Quantity | undefined {
  const number = value === undefined ? undefined : numberOf(value);
  return number === undefined ? undefined : { value: number };
}

/** None where its comparator is one that we do not know: such a number bounds nothing. */
function readQuantity(quantity: JsonObject): Quantity | undefined {
  const value = numberOf(quantity["value"]);
  const comparator = textOf(quantity["comparator"]);
  if (value === undefined || !isComparator(comparator)) return undefined;
  return dropUndefined({ value, comparator, unit: unitOf(quantity) });
}

function isComparator(text: string | undefined): text is Quantity["comparator"] {
  return text === undefined || text === "<" || text === "<=" || text === ">" || text === ">=";
}

/** The UCUM code, else the unit as written. */
function unitOf(quantity: JsonObject): string | undefined {
  const system = textOf(quantity["system"]);
  const code = textOf(quantity["code"]);
  const unit = textOf(quantity["unit"]) ?? textOf(quantity["units"]);
  return code !== undefined && (system === undefined || ucum.has(system)) ? code : (unit ?? code);
}

function readInterpretations(value: unknown): readonly string[] {
  if (value === undefined) return [];
  return [...new Set(readConcepts(value).flatMap((concept) => concept.codings.map(({ code }) => code)))];
}

const snomed = new Set(["http://snomed.info/sct", "urn:oid:2.16.840.1.113883.6.96"]);

/** What is interpreted by a concept, not by a flag; absent where nothing is. */
function readConclusions(value: unknown): readonly Concept[] | undefined {
  const concepts = value === undefined ? [] : readConcepts(value);
  const said = concepts.filter(({ codings }) => codings.some(({ system }) => system !== undefined && snomed.has(system)));
  return said.length === 0 ? undefined : said;
}

/** Normal ranges only: those that say `normal`, or do not say what they are. */
function readRanges(resource: Resource, value: unknown): ReferenceRange[] {
  const ranges: ReferenceRange[] = [];
  for (const each of listObjects(value)) {
    const type = each["type"] ?? each["meaning"];
    if (type !== undefined && !isIn(resource.context.mapping.normalRanges, readConcepts(type))) continue;
    const lowest = asObject(each["low"]);
    const highest = asObject(each["high"]);
    const low = lowest === undefined ? undefined : readQuantity(lowest);
    const high = highest === undefined ? undefined : readQuantity(highest);
    if (low !== undefined || high !== undefined) ranges.push(dropUndefined({ low, high }));
  }
  return ranges;
}

/** As a person would read it: `7.1 mmol/L`, `> 25 mmol/L`. */
function displayQuantity(quantity: JsonObject): string | undefined {
  const value = textOf(quantity["value"]);
  if (value === undefined) return undefined;
  const unit = textOf(quantity["unit"]) ?? textOf(quantity["units"]) ?? textOf(quantity["code"]);
  return [textOf(quantity["comparator"]), value, unit === "1" ? undefined : unit].filter((part) => part !== undefined).join(" ");
}

function displayOther(json: JsonObject): string | undefined {
  if (json["valueCodeableConcept"] !== undefined) {
    const concept = readConcept(json["valueCodeableConcept"]);
    return concept.text ?? concept.codings[0]?.code;
  }
  if (typeof json["valueBoolean"] === "boolean") return json["valueBoolean"] ? "yes" : "no";
  const plain = textOf(json["valueString"]) ?? textOf(json["valueInteger"]) ?? textOf(json["valueDateTime"]) ?? textOf(json["valueTime"]);
  if (plain !== undefined) return plain;
  return displayPair(json["valueRange"], "low", "high", " to ") ?? displayPair(json["valueRatio"], "numerator", "denominator", " : ");
}

function displayPair(value: unknown, first: string, second: string, between: string): string | undefined {
  const object = asObject(value);
  const parts = [object?.[first], object?.[second]].map(asObject).map((part) => (part === undefined ? undefined : displayQuantity(part)));
  return parts.includes(undefined) ? undefined : parts.join(between);
}
