import { dialectOf } from "./dialect.ts";
import type { Hospital } from "./hospital.ts";
import type { Instant } from "./london-time.ts";

/** Times for which a type was exported, half-open. */
export type Coverage = Readonly<Record<string, readonly (readonly [from: Instant, to: Instant])[]>>;

const written = [
  "Appointment",
  "AuditEvent",
  "Communication",
  "Composition",
  "Condition",
  "Device",
  "DiagnosticReport",
  "DocumentReference",
  "Encounter",
  "ImagingStudy",
  "MedicationAdministration",
  "MedicationRequest",
  "Observation",
  "Organization",
  "Patient",
  "Practitioner",
  "PractitionerRole",
  "Procedure",
  "Provenance",
  "ServiceRequest",
  "Task",
];

/** The types that an EPR of this dialect writes, whether or not any was written. */
export function listFeeds(hospital: Hospital): string[] {
  const { lacks } = dialectOf[hospital.options.dialect];
  return written.filter((type) => !lacks.includes(type));
}
