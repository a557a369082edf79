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
  return value.filter((each): each is JsonObject => typeof each === "object" && each !== null && !Array.isArray(each));
}

/** A text, trimmed; undefined where it is empty. A number counts as its digits. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") {
    const text = value.trim();
    return text === "" ? undefined : text;
  }
  return typeof value === "number" ? String(value) : undefined;
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

/** The object less its undefined members, so that what a version does not say is absent from its facts. */
export function dropUndefined<T extends object>(value: T): Optional<T> & Required<T> {
  const kept: Record<string, unknown> = {};
  for (const key in value) {
    const member: unknown = value[key];
    if (member !== undefined) kept[key] = member;
  }
  return kept as Optional<T> & Required<T>;
}
