import type { Key, Ref } from "../domain/facts.ts";
import { identifierKey, joinKey } from "./identifier.ts";
import { asList, asObject, listObjects, textOf, withOneMore } from "./loose-json.ts";
import type { JsonObject } from "./loose-json.ts";
import { findContained } from "./resource.ts";
import type { Resource } from "./resource.ts";
import { readParameters } from "./search-parameters.ts";

/** `Type/id` at the end of a path; `ServiceRequest/ServiceRequest/x` is a slip that servers make. */
const pathEnd = /(?:^|\/)([A-Z][A-Za-z]{2,})\/([^/?#|\s]+)(?:\/_history\/([^/?#\s]+))?\/?(?:\?.*)?$/;
const ownPath = /^\/?([A-Z][A-Za-z]{2,})\/([^/?#|\s]+)(?:\/_history\/([^/?#\s]+))?\/?$/;
const conditional = /^(?:.*\/)?([A-Z][A-Za-z]{2,})\?(.*)$/;
const scheme = /^https?:\/\//i;

/** The length of the type in `Type/id` and nothing else, as nearly every reference is written: a tenth of what the patterns cost; 0 for others. */
function plainType(text: string): number {
  const slash = text.indexOf("/");
  if (slash < 3 || slash === text.length - 1) return 0;
  for (let at = 0; at < slash; at += 1) {
    const letter = text.charCodeAt(at);
    const isCapital = letter >= 65 && letter <= 90;
    if (!isCapital && (at === 0 || letter < 97 || letter > 122)) return 0;
  }
  for (let at = slash + 1; at < text.length; at += 1) {
    const letter = text.charCodeAt(at);
    // `#`, `/`, `?`, `|` and white space mean something, and beyond `z` nothing need be quick.
    if (letter <= 44 || letter === 47 || letter === 63 || letter > 122) return 0;
  }
  return slash;
}

const people = new Set(["Patient", "Practitioner", "PractitionerRole", "Person", "RelatedPerson"]);

/** What a reference names; undefined where it names nothing (a display alone, a type without an id, a bare UUID). */
export function readReference(resource: Resource, value: unknown): Ref | undefined {
  if (typeof value === "string") return readReferenceText(resource, value);
  const reference = asObject(value);
  if (reference === undefined) return undefined;
  const text = textOf(reference["reference"]);
  const named = text === undefined ? undefined : readReferenceText(resource, text);
  const identifier = identifierKey(reference["identifier"]);
  if (named === undefined) return identifier === undefined ? undefined : { key: identifier };
  return identifier === undefined || identifier === named.key ? named : { ...named, also: identifier };
}

/** Everything that the values name: a list, or one reference where a list belongs; R5's `{ reference, concept }` too. */
export function readReferences(resource: Resource, ...values: readonly unknown[]): Ref[] {
  let refs: Ref[] | undefined;
  for (const value of values) {
    if (value === undefined) continue;
    for (const each of asList(value)) {
      const ref = readEitherReference(resource, each);
      if (ref !== undefined && refs?.some((known) => known.key === ref.key) !== true) refs = withOneMore(refs, ref);
    }
  }
  return refs ?? [];
}

/** How many of the values name nothing (a display alone). */
export function countNameless(resource: Resource, values: readonly unknown[]): number {
  let nameless = 0;
  for (const value of values) if (asList(value).every((each) => readEitherReference(resource, each) === undefined)) nameless += 1;
  return nameless;
}

/** A Reference, or the reference of R5's CodeableReference. */
export function readEitherReference(resource: Resource, value: unknown): Ref | undefined {
  const object = asObject(value);
  const inner = object?.["reference"];
  return readReference(resource, typeof inner === "object" && inner !== null ? inner : value);
}

export function readReferenceText(resource: Resource, text: string): Ref | undefined {
  if (plainType(text) > 0) return { key: text };
  const trimmed = text.trim();
  if (trimmed.startsWith("#")) return readContained(resource, trimmed.slice(1));
  const plain = ownPath.exec(trimmed);
  if (plain !== null) return refTo(`${plain[1] ?? ""}/${plain[2] ?? ""}`, plain[3]);
  if (/^urn:/i.test(trimmed)) return { key: /^urn:uuid:/i.test(trimmed) ? trimmed.toLowerCase() : trimmed };
  const query = conditional.exec(trimmed);
  if (query !== null) return readConditional(query[2] ?? "");
  const path = pathEnd.exec(trimmed);
  if (path === null) return undefined;
  if (scheme.test(trimmed) && isForeign(trimmed, resource.context.foreignBases)) {
    return refTo(
      trimmed
        .replace(/\?.*$/, "")
        .replace(/\/_history\/[^/]*\/?$/, "")
        .replace(/\/$/, ""),
      path[3],
    );
  }
  return refTo(`${path[1] ?? ""}/${path[2] ?? ""}`, path[3]);
}

function refTo(key: Key, version: string | undefined): Ref {
  return version === undefined ? { key } : { key, version };
}

function isForeign(url: string, foreignBases: readonly string[]): boolean {
  const lower = url.toLowerCase();
  return foreignBases.some((base) => lower.startsWith(`${base.toLowerCase().replace(/\/+$/, "")}/`));
}

/** `Practitioner?identifier=system|value`. */
function readConditional(query: string): Ref | undefined {
  const [system, value, ...more] = (readParameters(query).get("identifier") ?? "").split("|");
  if (more.length > 0 || !system?.trim() || !value?.trim()) return undefined;
  return { key: joinKey(system.trim(), value.trim()) };
}

/**
 * A contained resource is named where others can know it too: by its identifier, or as a person or an observation of
 * its container. A contained role stands for its practitioner, whom it names.
 */
function readContained(resource: Resource, local: string): Ref | undefined {
  if (local === "") return { key: resource.key };
  const found = findContained(resource, local);
  if (found === undefined) return undefined;
  const type = textOf(found["resourceType"]) ?? "";
  const also =
    listObjects(found["identifier"])
      .map(identifierKey)
      .find((key) => key !== undefined) ?? practitionerOf(resource, found);
  if (also === undefined && !people.has(type) && type !== "Observation") return undefined;
  const key = `${resource.key}#${local}`;
  return also === undefined ? { key } : { key, also };
}

function practitionerOf(resource: Resource, role: JsonObject): Key | undefined {
  const text = textOf(asObject(role["practitioner"])?.["reference"]);
  return text === undefined || text.startsWith("#")
    ? identifierKey(asObject(role["practitioner"])?.["identifier"])
    : readReferenceText(resource, text)?.key;
}

/** The resource type that a key or its reference names; undefined for identifiers and URNs that do not say. */
export function typeOfReference(resource: Resource, value: unknown): string | undefined {
  const reference = asObject(value);
  const stated = textOf(reference?.["type"]);
  const text = typeof value === "string" ? value.trim() : textOf(reference?.["reference"]);
  if (text === undefined) return stated;
  const plain = plainType(text);
  if (plain > 0) return text.slice(0, plain);
  if (text.startsWith("#")) {
    const found = text === "#" ? undefined : findContained(resource, text.slice(1));
    return textOf(found?.["resourceType"]) ?? stated;
  }
  return (pathEnd.exec(text) ?? conditional.exec(text))?.[1] ?? stated;
}

/** The type at the front of `Type/id`, or at the end of a foreign URL. */
export function typeOfKey(key: Key): string | undefined {
  const plain = plainType(key);
  return plain > 0 ? key.slice(0, plain) : pathEnd.exec(key)?.[1];
}
