import { NestedTooDeep, deepest } from "./nested-too-deep.ts";

/** Odd letters are what FHIR forbids and PostgreSQL keeps in no text: NUL, and half of a surrogate pair. */
export function hasOddLetters(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charCodeAt(at);
    if (letter === 0) return true;
    // Where there is no half, no pair need be looked for.
    if (letter >= 0xd800 && letter <= 0xdfff) return !text.isWellFormed() || text.includes("\u0000", at);
  }
  return false;
}

/**
 * Whether any text or name in the value has odd letters.
 * @throws NestedTooDeep
 */
export function holdsOddLetters(value: unknown, depth = 0): boolean {
  if (typeof value === "string") return hasOddLetters(value);
  if (typeof value !== "object" || value === null) return false;
  if (depth > deepest) throw new NestedTooDeep();
  // To the end, whatever is found: what is nested too deeply is refused for that.
  let found = false;
  for (const name in value) {
    if (hasOddLetters(name)) found = true;
    if (holdsOddLetters((value as Readonly<Record<string, unknown>>)[name], depth + 1)) found = true;
  }
  return found;
}

/** The same value with the replacement character in place of letters that no text may hold. */
export function replaceOddLetters(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("\u0000", "\ufffd").toWellFormed();
  if (Array.isArray(value)) return value.map(replaceOddLetters);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [replaceOddLetters(key), replaceOddLetters(member)]));
}

/** The same value with white space taken off every key. */
export function trimKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(trimKeys);
  if (typeof value !== "object" || value === null) return value;
  const trimmed: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) trimmed[key.trim()] ??= trimKeys(member);
  return trimmed;
}
