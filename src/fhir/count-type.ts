import type { Interval } from "../domain/instant.ts";
import { FhirFailure } from "./fhir-failure.ts";
import type { FhirServer } from "./fhir-server.ts";

/** How many records of a type were last updated in a window, from the beginning where `from` is -Infinity; undefined where the server does not say. */
export async function countType(server: FhirServer, type: string, { from, to }: Interval): Promise<number | undefined> {
  const query = new URLSearchParams([
    ...(from === -Infinity ? [] : [["_lastUpdated", `ge${new Date(from).toISOString()}`] satisfies [string, string]]),
    ["_lastUpdated", `lt${new Date(to).toISOString()}`],
    ["_summary", "count"],
  ]);
  try {
    const { body } = await server.get(`${type}?${query.toString()}`);
    return typeof body["total"] === "number" ? body["total"] : undefined;
  } catch (error) {
    if (!(error instanceof FhirFailure)) throw error;
    return undefined;
  }
}
