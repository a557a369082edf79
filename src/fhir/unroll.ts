import { resourceTypes } from "../domain/resource-types.ts";
import { asDeletion, isObject, rewriteUrnReferences, type JsonObject } from "./bundle.ts";

/** One resource, or one thing that is none; `entry` is its place in the array or Bundle it came from, from 1. */
export type Unrolled = { readonly entry: number } & (
  { readonly resource: JsonObject } | { readonly unusable: unknown; readonly reason: string }
);

const typeName = /^[A-Z][A-Za-z]{1,63}$/;
const knownTypes: ReadonlySet<string> = new Set(resourceTypes);

/** One resource, and no Bundle: most of what is read is one. */
export function isResource(value: unknown): value is JsonObject {
  if (!isObject(value)) return false;
  const type = value["resourceType"];
  return typeof type === "string" && type !== "Bundle" && (knownTypes.has(type) || typeName.test(type));
}

/** Bundles of Bundles exist (a search that finds messages); deeper than this is nobody's data. */
const deepest = 8;

/**
 * The resources of a JSON value: itself, the elements of an array, the entries of a Bundle of any type, and so on inside.
 * A Bundle itself is not given: it only carries. OperationOutcomes are given like any other resource.
 */
export function* unroll(value: unknown, depth = 0): Generator<Unrolled> {
  if (depth <= deepest && isResource(value)) {
    yield { entry: 1, resource: value };
  } else if (depth > deepest) {
    yield { entry: 1, unusable: value, reason: "It is nested too deeply: give each resource a line, or an entry, of its own." };
  } else if (Array.isArray(value)) {
    yield* each(value, (element) => unroll(element, depth + 1));
  } else if (!isObject(value) || typeof value["resourceType"] !== "string") {
    yield {
      entry: 1,
      unusable: value,
      reason: "It is JSON, but no FHIR resource: it has no resourceType. If it belongs elsewhere, move it out of the folder.",
    };
  } else if (!typeName.test(value["resourceType"])) {
    yield { entry: 1, unusable: value, reason: "Its resourceType is not a type name: correct it at its source and export it again." };
  } else {
    rewriteUrnReferences(value);
    const entries = value["entry"] ?? [];
    yield* each(Array.isArray(entries) ? entries : [entries], (entry) => unrollEntry(entry, depth + 1));
  }
}

function* each(values: readonly unknown[], unrollOne: (value: unknown) => Generator<Unrolled>): Generator<Unrolled> {
  for (const [index, value] of values.entries()) {
    for (const unrolled of unrollOne(value)) yield { ...unrolled, entry: index + 1 };
  }
}

function* unrollEntry(entry: unknown, depth: number): Generator<Unrolled> {
  const deletion = asDeletion(entry);
  if (deletion !== undefined) yield { entry: 1, resource: deletion };
  else if (isObject(entry) && isObject(entry["resource"])) yield* unroll(entry["resource"], depth);
  else
    yield {
      entry: 1,
      unusable: entry,
      reason: "This entry of a Bundle has no resource and says no deletion that names one: export it with its resource.",
    };
}
