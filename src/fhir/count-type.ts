import { FhirFailure } from "./fhir-failure.ts";
import type { FhirServer } from "./fhir-server.ts";

/** How many records of a type a server has; undefined where it does not say. */
export async function countType(server: FhirServer, type: string): Promise<number | undefined> {
  try {
    const { body } = await server.get(`${type}?_summary=count`);
    return typeof body["total"] === "number" ? body["total"] : undefined;
  } catch (error) {
    if (!(error instanceof FhirFailure)) throw error;
    return undefined;
  }
}
