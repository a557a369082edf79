import { isObject, type JsonObject } from "../fhir/bundle.ts";
import { entriesOf, isMatch } from "../fhir/read-pages.ts";

/** What is asked for of each type: enough to tell what it is like, and nothing to a server that keeps millions. */
export const sampleSize = 100;

/** The first page of one type, as it was asked for. */
export interface FirstPage {
  readonly type: string;
  readonly page: JsonObject;
}

export function matchesOf(page: JsonObject): JsonObject[] {
  return entriesOf(page)
    .filter(isMatch)
    .flatMap((entry) => (isObject(entry) && isObject(entry["resource"]) ? [entry["resource"]] : []));
}
