import { isObject, listOf, objectOf, objectsWithin, textOf, type Json } from "./json.ts";

/** What a reference names, by its words alone. */
export interface Name {
  /** `Type/id`, `identifier:system|value` or `urn:…`; nothing for contained things without identifier and for displays. */
  readonly key: string | undefined;
  readonly type: string | undefined;
  readonly version: string | undefined;
  readonly contained: Json | undefined;
  readonly display: string | undefined;
}

const nothing: Name = { key: undefined, type: undefined, version: undefined, contained: undefined, display: undefined };
const literal = /(?:^|\/)([A-Z][a-z]+[A-Za-z]*)\/([A-Za-z0-9\-._]+)(?:\/_history\/([^/]+))?$/;
const conditional = /(?:^|\/)([A-Z][A-Za-z]+)\?identifier=([^&]+)$/;
const uuid = /^(?:urn:uuid:)?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i;

/** "Relative, absolute, versioned, `urn:uuid`, contained, conditional, identifier-only, display-only." */
export function readReference(value: unknown, container?: Json): Name {
  if (typeof value === "string") return readReference({ reference: value }, container);
  if (!isObject(value)) return nothing;
  if (isObject(value["reference"]) || isObject(value["concept"])) return readReference(value["reference"], container); // R5 CodeableReference
  const display = textOf(value["display"]);
  const statedType = textOf(value["type"]);
  const said = textOf(value["reference"]);
  const named = said === undefined ? undefined : readLiteral(said, container);
  if (named !== undefined && (named.key !== undefined || named.contained !== undefined)) {
    return { ...named, type: named.type ?? statedType, display };
  }
  return { ...nothing, key: identifierKey(value["identifier"]), type: statedType, display };
}

function readLiteral(said: string, container: Json | undefined): Name {
  if (said.startsWith("#")) return readContained(said.slice(1), container);
  const query = conditional.exec(said);
  if (query !== null) {
    const [, type, token] = query;
    const [system, ...rest] = decode(token ?? "").split("|");
    const key = system && rest.length > 0 && rest.join("|") ? `identifier:${system}|${tidy(system, rest.join("|"))}` : undefined;
    return { ...nothing, key, type };
  }
  const id = uuid.exec(said);
  if (id !== null) return { ...nothing, key: `urn:uuid:${(id[1] ?? "").toLowerCase()}` };
  const path = literal.exec(said.split("?")[0] === said ? said : "");
  if (path === null) return nothing;
  const [, type, name, version] = path;
  return { ...nothing, key: `${type}/${name}`, type, version };
}

function readContained(id: string, container: Json | undefined): Name {
  const found = listOf(container?.["contained"])
    .map(objectOf)
    .find((each) => textOf(each["id"]) === id || each["id"] === `#${id}`);
  if (found === undefined) return nothing;
  const key = listOf(found["identifier"])
    .map(identifierKey)
    .find((each) => each !== undefined);
  return { ...nothing, key, type: textOf(found["resourceType"]), contained: found };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** "Identifier-only (`system|value`)": without a system it names nothing. */
export function identifierKey(identifier: unknown): string | undefined {
  const { system, value } = objectOf(identifier);
  const [named, said] = [textOf(system), textOf(value)];
  return named === undefined || said === undefined ? undefined : `identifier:${named}|${tidy(named, said)}`;
}

/** NHS numbers are written with and without spaces. */
function tidy(system: string, value: string): string {
  return system.endsWith("/nhs-number") ? value.replace(/\s+/g, "") : value;
}

/** Every reference inside a resource, wherever it stands. */
export function referencesWithin(body: Json): Name[] {
  return objectsWithin(body)
    .filter((each) => typeof each["reference"] === "string" || (isObject(each["identifier"]) && each["resourceType"] === undefined))
    .map((each) => readReference(each, body));
}
