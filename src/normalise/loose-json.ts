/** Reads JSON of which nothing is certain: real servers put objects where lists belong, and numbers where texts do. */

export type JsonObject = Readonly<Record<string, unknown>>;

/** The object itself, or the first object of a list that stands where one object belongs. */
export function asObject(value: unknown): JsonObject | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (!Array.isArray(value)) return value as JsonObject;
  const first: unknown = value[0];
  return typeof first === "object" && first !== null && !Array.isArray(first) ? (first as JsonObject) : undefined;
}

const none: readonly never[] = [];

/** The list itself, or one value that stands where a list belongs. */
export function asList(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return none;
  return Array.isArray(value) ? value : [value];
}

/** The objects of a list, or the one object that stands in its place. */
export function listObjects(value: unknown): readonly JsonObject[] {
  if (value === undefined || value === null) return none;
  if (!Array.isArray(value)) return typeof value === "object" ? [value as JsonObject] : none;
  // Nearly always it is a list of objects already.
  return value.every(isObject) ? value : value.filter(isObject);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A list with one more: the same list, but for the first, since most stay alone and a list that has grown has room for sixteen. */
export function withOneMore<T>(list: T[] | undefined, item: T): T[] {
  if (list === undefined) return [item];
  list.push(item);
  return list;
}

/** A text, trimmed; undefined where it is empty. A number counts as its digits. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") {
    const text = value.trim();
    return text === "" ? undefined : text;
  }
  return typeof value === "number" ? String(value) : undefined;
}

/** As `toLowerCase`, which makes a new text even of one that is in lower case, as most codes are. */
export function lowerCase(text: string): string {
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charCodeAt(at);
    if (letter > 127 || (letter >= 65 && letter <= 90)) return text.toLowerCase();
  }
  return text;
}

/** A number, also one that was written as a text. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

type Optional<T> = { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };
type Required<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] };

/** The object less its undefined members, so that what a version does not say is absent from its facts; itself where none is. */
export function dropUndefined<T extends object>(value: T): Optional<T> & Required<T> {
  return hasUndefined(value) ? copyDefined(value) : value;
}

function hasUndefined(value: object): boolean {
  for (const key in value) if ((value as JsonObject)[key] === undefined) return true;
  return false;
}

/** An object and what is seldom said beside it: itself where nothing of that is, for to copy one costs more than to read most members. */
export function addDefined<T extends object, R extends object>(value: T, seldom: R): T & Optional<R> & Required<R> {
  for (const key in seldom) if (seldom[key] !== undefined) return { ...value, ...copyDefined(seldom) };
  return value as T & Optional<R> & Required<R>;
}

/** One object of what two define: a third and a fourth on the way to it would be garbage. */
export function joinDefined<T extends object, R extends object>(value: T, more: R): Optional<T> & Required<T> & Optional<R> & Required<R> {
  return copyInto(copyInto({}, value), more) as Optional<T> & Required<T> & Optional<R> & Required<R>;
}

function copyDefined<T extends object>(value: T): Optional<T> & Required<T> {
  return copyInto({}, value) as Optional<T> & Required<T>;
}

function copyInto(kept: Record<string, unknown>, value: object): Record<string, unknown> {
  for (const key in value) {
    const member = (value as JsonObject)[key];
    if (member !== undefined) kept[key] = member;
  }
  return kept;
}
