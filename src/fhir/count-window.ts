import type { Interval } from "../domain/instant.ts";
import { isObject } from "./bundle.ts";
import { FhirFailure, isOfServer, isPassing } from "./fhir-failure.ts";
import type { FhirServer } from "./fhir-server.ts";
import { entriesOf, isMatch } from "./read-pages.ts";

/** Days of which no FHIR server holds anything: one that ignores the upper bound finds something in the first, the lower in the second. */
const emptyDays: readonly Interval[] = [
  { from: Date.UTC(1900, 0, 1), to: Date.UTC(1900, 0, 2) },
  { from: Date.UTC(2999, 0, 1), to: Date.UTC(2999, 0, 2) },
];

/**
 * How many records of a type were last updated in a window, as the server counts them (`_summary=count`). Never without
 * both bounds: counting everything strains servers. Undefined where it does not count, or only guesses.
 * @throws FhirFailure where it may count the next time, or as a whole no longer answers
 */
export async function countWindow(server: FhirServer, type: string, { from, to }: Interval): Promise<number | undefined> {
  try {
    const { body } = await server.get(`${type}?${within({ from, to }, "_summary", "count")}`);
    const { resourceType, total, link } = body;
    const isGuess = Array.isArray(link) && link.some((each) => isObject(each) && /_total=(estimate|none)/.test(String(each["url"])));
    return resourceType === "Bundle" && Number.isInteger(total) && Number(total) >= 0 && !isGuess ? Number(total) : undefined;
  } catch (error) {
    if (!(error instanceof FhirFailure) || isOfServer(error) || isPassing(error)) throw error;
    return undefined;
  }
}

/** Whether what the server counts keeps to the bounds: some that do when they search do not when they count. */
export async function countsWithinBounds(server: FhirServer, type: string): Promise<boolean> {
  const counts = await Promise.all(emptyDays.map((day) => countWindow(server, type, day)));
  return counts.every((count) => count === 0);
}

/** Whether what it gives when it searches does. */
export async function searchesWithinBounds(server: FhirServer, type: string): Promise<boolean> {
  const pages = await Promise.all(emptyDays.map((day) => server.get(`${type}?${within(day, "_count", "1")}`)));
  return pages.every(({ body }) => entriesOf(body).filter(isMatch).length === 0);
}

function within({ from, to }: Interval, parameter: string, value: string): string {
  const query = new URLSearchParams([
    ["_lastUpdated", `ge${new Date(from).toISOString()}`],
    ["_lastUpdated", `lt${new Date(to).toISOString()}`],
    [parameter, value],
  ]);
  return query.toString();
}
