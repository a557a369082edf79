import { isObject, type JsonObject } from "./bundle.ts";
import { FhirFailure, isOfServer } from "./fhir-failure.ts";
import type { FhirServer } from "./fhir-server.ts";

/**
 * The deletion with a time, as far as the server has one. HAPI (8.8) says in a history that a record was deleted and not
 * when; what has no time counts as older than all that has one, and the record would live on. So it takes the time of the
 * version before it, which it follows for certain, and their version ids tell which came later.
 * @throws FhirFailure where the server as a whole no longer answers
 */
export async function dateDeletion(server: FhirServer, resource: JsonObject): Promise<JsonObject> {
  const { resourceType, id, meta, deleted } = resource;
  if (deleted !== true || !isObject(meta) || meta["lastUpdated"] !== undefined) return resource;
  const before = Number(meta["versionId"]) - 1;
  if (!Number.isInteger(before) || before < 1) return resource;
  try {
    const { body } = await server.get(`${String(resourceType)}/${encodeURIComponent(String(id))}/_history/${before}`);
    const lastUpdated = isObject(body["meta"]) ? body["meta"]["lastUpdated"] : undefined;
    return typeof lastUpdated === "string" ? { ...resource, meta: { ...meta, lastUpdated } } : resource;
  } catch (error) {
    if (!(error instanceof FhirFailure) || isOfServer(error)) throw error;
    return resource;
  }
}
