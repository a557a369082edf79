import type { FhirVersion } from "../domain/fhir-version.ts";
import { isDstu2 } from "./dstu2.ts";
import { asObject, listObjects } from "./loose-json.ts";

/**
 * The one version of FHIR that a resource can be of, where its shape tells: most look the same in several. R4B differs from
 * R4 in nothing that is read.
 */
export function versionByShape(value: unknown): Exclude<FhirVersion, "R4B"> | "DSTU2" | undefined {
  const json = asObject(value);
  const type = json?.["resourceType"];
  if (json === undefined || typeof type !== "string") return undefined;
  if (isDstu2(type, json)) return "DSTU2";
  const has = (...names: readonly string[]): boolean => names.some((name) => json[name] !== undefined);
  switch (type) {
    case "AuditEvent":
      if (has("code", "category", "occurredDateTime", "occurredPeriod")) return "R5";
      if (listObjects(json["agent"]).some((agent) => agent["reference"] !== undefined || agent["userId"] !== undefined)) return "STU3";
      return listObjects(json["agent"]).some((agent) => agent["who"] !== undefined) && has("type") ? "R4" : undefined;
    case "Encounter":
      if (has("actualPeriod") || Array.isArray(json["class"])) return "R5";
      return undefined;
    case "Task":
      if (has("requestedPerformer", "requestedPeriod")) return "R5";
      return asObject(json["requester"])?.["agent"] !== undefined ? "STU3" : undefined;
    case "MedicationRequest":
      if (has("medication")) return "R5";
      return has("context") || asObject(json["requester"])?.["agent"] !== undefined ? "STU3" : undefined;
    case "DiagnosticReport":
    case "Observation":
      return has("context") ? "STU3" : undefined;
    case "ProcedureRequest":
    case "ReferralRequest":
      return "STU3";
    default:
      return undefined;
  }
}

/** Whether what a resource's shape tells and what its source is said to speak can both be true. */
export function agreesWithShape(said: FhirVersion, shape: ReturnType<typeof versionByShape>): boolean {
  return shape === undefined || shape === (said === "R4B" ? "R4" : said);
}
