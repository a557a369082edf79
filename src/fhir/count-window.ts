import type { Interval } from "../domain/instant.ts";
import { isObject } from "./bundle.ts";
import { FhirFailure, isOfServer, isPassing } from "./fhir-failure.ts";
import type { FhirServer } from "./fhir-server.ts";

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
  const [since, until] = [new Date(from).toISOString(), new Date(to).toISOString()];
  const query = new URLSearchParams([
    ["_lastUpdated", `ge${since}`],
    ["_lastUpdated", `lt${until}`],
    ["_summary", "count"],
  ]);
  try {
    const { body } = await server.get(`${type}?${query.toString()}`);
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
  for (const day of emptyDays) if ((await countWindow(server, type, day)) !== 0) return false;
  return true;
}
