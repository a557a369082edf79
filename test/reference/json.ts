import { createHash } from "node:crypto";

/** A JSON object of unknown shape: FHIR in the wild is not to be trusted with types. */
export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}

/** A list, an object where a list belongs (`basedOn: {…}`), or nothing. */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/** Text that says something; numbers stand for their digits (ids, version ids and outcomes come as both). */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

export interface Coding {
  readonly system: string | undefined;
  readonly code: string;
}

/** The codings of CodeableConcepts, of Codings, or of lists of either. A bare code is a coding without a system. */
export function codingsOf(value: unknown): Coding[] {
  return listOf(value).flatMap((each) => {
    if (typeof each === "string") return [{ system: undefined, code: each }];
    const concept = objectOf(each);
    const own = textOf(concept["code"]);
    const mine = own === undefined ? [] : [{ system: textOf(concept["system"]), code: own }];
    return [...mine, ...listOf(concept["coding"]).flatMap(codingsOf)];
  });
}

export function hasCode(value: unknown, codes: readonly string[], systemContains?: string): boolean {
  return codingsOf(value).some(
    (each) => codes.includes(each.code) && (systemContains === undefined || (each.system ?? "").includes(systemContains)),
  );
}

/** "Key order and white space make no difference." */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isObject(value)) return value === undefined ? "null" : JSON.stringify(value);
  const keys = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

/** "A hash of the content less `meta`." */
export function contentHash(body: Json): string {
  const { meta: _meta, ...rest } = body;
  return createHash("sha256").update(canonical(rest)).digest("hex");
}

/** Every object inside a value, itself included. */
export function objectsWithin(value: unknown): Json[] {
  if (Array.isArray(value)) return value.flatMap(objectsWithin);
  if (!isObject(value)) return [];
  return [value, ...Object.values(value).flatMap(objectsWithin)];
}
