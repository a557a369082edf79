import { isObject, type JsonObject } from "./json-value.ts";
import { readTime } from "./time-range.ts";

const dayMs = 86_400_000;
const dateTime = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/;
const date = /^\d{4}-\d\d-\d\d$/;

/**
 * Elements whose text is no time of the hospital, though it may look like one: a version of a code system, the value of
 * an identifier, a note. People keep their dates of birth, with what extensions say of them.
 */
const neverTimes =
  /^(id|versionId|value|text|display|div|title|name|description|comment|reference|url|system|version|code|family|given|_?birthDate|(value|content)(String|Markdown|Code|Id|Uri|Url|Oid|Uuid|Canonical|Base64Binary))$/;

/**
 * A resource with all its times moved. A time with hours and minutes moves by exactly `shiftMs`, and keeps its zone and
 * its precision; where that cannot hold the moved time (a time in whole seconds, moved by half of one) digits are added.
 * A date moves by the nearest whole number of days. Years, months and malformed times stay.
 */
export function shiftTimes(resource: JsonObject, shiftMs: number): JsonObject {
  if (shiftMs === 0) return resource;
  return shiftInside(resource, shiftMs) as JsonObject;
}

function shiftInside(value: unknown, shiftMs: number): unknown {
  if (typeof value === "string") return shiftText(value, shiftMs);
  if (Array.isArray(value)) return value.map((each) => shiftInside(each, shiftMs));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inside]) => [key, staysAsItIs(key, inside) ? inside : shiftInside(inside, shiftMs)]),
  );
}

/** `text`, `code`, `name` may hold objects, and these may hold times (the period of a name). */
function staysAsItIs(key: string, inside: unknown): boolean {
  return neverTimes.test(key) && (key === "_birthDate" || typeof inside === "string" || isListOfTexts(inside));
}

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function shiftText(text: string, shiftMs: number): string {
  if (date.test(text)) return move(text, Math.round(shiftMs / dayMs) * dayMs)?.slice(0, 10) ?? text;
  const match = dateTime.exec(text);
  if (match === null || readTime(text) === undefined) return text;
  const [, minutes = "", seconds = "", fraction = "", zone = ""] = match;
  // In a zone of fixed offset the clock on the wall moves by as much as the instant.
  const moved = move(`${minutes}${seconds}${fraction === "" ? "" : `.${fraction}`}`, shiftMs);
  if (moved === undefined) return text;
  const movedFraction = withDigitsOf(fraction, moved.slice(20, 23));
  const movedSeconds = seconds === "" && movedFraction === "" && moved.slice(16, 19) === ":00" ? "" : moved.slice(16, 19);
  return `${moved.slice(0, 16)}${movedSeconds}${movedFraction === "" ? "" : `.${movedFraction}`}${zone}`;
}

/** As `YYYY-MM-DDTHH:mm:ss.sssZ`; undefined where the text is no time, or FHIR cannot write the year that it comes to. */
function move(text: string, shiftMs: number): string | undefined {
  const range = readTime(text);
  const moved = range === undefined ? undefined : new Date(range.start + shiftMs).toISOString();
  return moved?.length === 24 ? moved : undefined;
}

/** What is finer than a millisecond stays; trailing zeros are left out as far as they were before. */
function withDigitsOf(fraction: string, milliseconds: string): string {
  if (fraction.length >= 3) return milliseconds + fraction.slice(3);
  return Number(milliseconds.slice(fraction.length)) === 0 ? milliseconds.slice(0, fraction.length) : milliseconds;
}
