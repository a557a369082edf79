import type { Facts } from "../domain/facts.ts";

type UsedType = Facts["type"];

/**
 * What is asked of a server, in this order: what others name comes first, so that little has to be fetched by its id.
 * Everything that the normaliser can use, and nothing else.
 */
export const pulledTypes: readonly UsedType[] = [
  "Organization",
  "HealthcareService",
  "CareTeam",
  "Practitioner",
  "PractitionerRole",
  "Person",
  "RelatedPerson",
  "Patient",
  "Encounter",
  "ServiceRequest",
  "MedicationRequest",
  "Condition",
  "Specimen",
  "ImagingStudy",
  "DocumentReference",
  "Composition",
  "Observation",
  "DiagnosticReport",
  "Appointment",
  "Procedure",
  "MedicationAdministration",
  "CarePlan",
  "Communication",
  "Task",
  "Provenance",
  "AuditEvent",
];

/** Never changed once written: what they tell of happened when they were. */
export const writtenOnce: ReadonlySet<string> = new Set<UsedType>(["AuditEvent", "Provenance"]);

/** When their state changed is evidence, so every version is wanted. */
export const workflowTypes: ReadonlySet<string> = new Set<UsedType>([
  "Task",
  "DiagnosticReport",
  "ServiceRequest",
  "MedicationRequest",
  "Appointment",
  "Communication",
]);
