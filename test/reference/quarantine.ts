import { hasCode, isObject, listOf, objectOf, textOf, type Json } from "./json.ts";
import { hasVerifier } from "./provenances.ts";
import { noteCategories } from "./results.ts";
import { firstTime, lastUpdatedOf } from "./times.ts";
import { isDeletion, isResourceLike, keyOf } from "./versions.ts";

/** The types that the default mapping makes something of, or that relate needs; the others are skipped, not quarantined. */
const usedTypes = [
  "DiagnosticReport",
  "AuditEvent",
  "Task",
  "Provenance",
  "Communication",
  "ServiceRequest",
  "MedicationRequest",
  "Appointment",
  "Procedure",
  "CarePlan",
  "Specimen",
  "Encounter",
  "DocumentReference",
  "Composition",
  "Observation",
  "Condition",
  "ImagingStudy",
  "MedicationAdministration",
  "MedicationAdministration",
  "Patient",
  "Practitioner",
  "PractitionerRole",
  "Organization",
];

/** Why a resource cannot be used, or nothing. */
export function reasonToQuarantine(resource: unknown, zone: string): string | undefined {
  if (!isResourceLike(resource)) return "not-a-resource";
  const type = textOf(resource["resourceType"]) ?? "";
  if (!usedTypes.includes(type)) return undefined;
  // "A resource without id is quarantined, except AuditEvent and Provenance, known by their content."
  if (keyOf(resource) === undefined) return "no-id";
  if (isDeletion(resource)) return undefined;
  if (type === "AuditEvent" && isObject(resource["event"]) && resource["recorded"] === undefined) return "dstu2"; // "DSTU2 is refused with a reason."
  return canBePlaced(type, resource, zone) ? undefined : "no-time";
}

/** "A time that cannot be read sends the resource to quarantine only if the event cannot be placed without it." */
function canBePlaced(type: string, body: Json, zone: string): boolean {
  const status = textOf(body["status"]) ?? "";
  const updated = lastUpdatedOf(body, zone) !== undefined;
  const says = (...values: unknown[]) => firstTime(zone, ...values) !== undefined;
  const period = (value: unknown) => [objectOf(value)["end"], objectOf(value)["start"]];
  switch (type) {
    case "DiagnosticReport":
      // A note that names no Observation is no result: no event of it has to be placed.
      if (hasCode(body["category"], noteCategories) && listOf(body["result"]).length === 0) return true;
      if (["partial", "preliminary", "final", "amended", "corrected", "appended"].includes(status)) return updated || says(body["issued"]);
      return status !== "cancelled" || updated;
    case "AuditEvent":
      return says(body["recorded"], objectOf(body["period"])["end"], objectOf(body["occurredPeriod"])["end"], body["occurredDateTime"]);
    case "Provenance":
      return (
        !hasVerifier(body) || says(...period(body["occurredPeriod"]), ...period(body["period"]), body["occurredDateTime"], body["recorded"])
      );
    case "Task":
      if (status === "draft" || status === "entered-in-error") return true;
      if (["completed", "rejected", "failed", "cancelled"].includes(status)) {
        return updated || says(body["lastModified"], status === "completed" ? objectOf(body["executionPeriod"])["end"] : undefined);
      }
      return updated || says(body["authoredOn"], body["lastModified"]);
    case "ServiceRequest":
    case "MedicationRequest":
      // A revocation of an order of a kind that is watched cannot be placed without `meta.lastUpdated`; a completed order is still placed by its `authoredOn`.
      if (["revoked", "cancelled", "stopped"].includes(status) && isOfWatchedKind(body)) return updated;
      return status === "draft" || status === "entered-in-error" || updated || says(body["authoredOn"]);
    case "Communication":
      return status !== "completed" || updated || says(body["sent"], body["received"]);
    case "Appointment":
      return ["proposed", "entered-in-error"].includes(status) || updated || says(body["created"]);
    case "Procedure":
      if (["preparation", "not-done", "entered-in-error"].includes(status)) return true;
      return (
        updated ||
        says(
          body["performedDateTime"],
          objectOf(body["performedPeriod"])["start"],
          body["occurrenceDateTime"],
          objectOf(body["occurrencePeriod"])["start"],
        )
      );
    case "CarePlan":
      return ["draft", "entered-in-error"].includes(status) || updated || says(body["created"]);
    case "Patient":
      return body["deceasedBoolean"] !== true || says(body["deceasedDateTime"]) || updated;
    default:
      return true;
  }
}

/** "Otherwise it opens nothing here": a revocation of any other order decides nothing, and its placing still does. */
function isOfWatchedKind(body: Json): boolean {
  const codes = ["108252007", "laboratory", "LAB", "363679005", "imaging", "RAD", "3457005", "306206005", "referral"];
  return hasCode([body["category"], body["code"]].flat(), codes);
}
