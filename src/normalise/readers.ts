import type { Facts } from "../domain/facts.ts";
import { readAppointment } from "./appointment.ts";
import { readAuditEvent } from "./audit-event.ts";
import { readCarePlan } from "./care-plan.ts";
import { readCommunication } from "./communication.ts";
import { readDiagnosticReport } from "./diagnostic-report.ts";
import { readEncounter } from "./encounter.ts";
import { readAdministration, readCondition, readDocument, readImagingStudy, readSpecimen } from "./happening.ts";
import { readObservation } from "./observation.ts";
import { readOrder } from "./order.ts";
import { readParty } from "./party.ts";
import { readPatientRecord } from "./patient.ts";
import { readProcedure } from "./procedure.ts";
import { readProvenance } from "./provenance.ts";
import type { Reader } from "./resource.ts";
import { readTask } from "./task.ts";

/** One reader a type; types that are not here are skipped. */
export const readers: Readonly<Record<Facts["type"], Reader>> = {
  DiagnosticReport: readDiagnosticReport,
  Observation: readObservation,
  ServiceRequest: readOrder,
  MedicationRequest: readOrder,
  Task: readTask,
  AuditEvent: readAuditEvent,
  Provenance: readProvenance,
  Communication: readCommunication,
  Appointment: readAppointment,
  Procedure: readProcedure,
  CarePlan: readCarePlan,
  Condition: readCondition,
  ImagingStudy: readImagingStudy,
  Specimen: readSpecimen,
  DocumentReference: readDocument,
  Composition: readDocument,
  MedicationAdministration: readAdministration,
  Encounter: readEncounter,
  Patient: readPatientRecord,
  Practitioner: readParty,
  PractitionerRole: readParty,
  Person: readParty,
  RelatedPerson: readParty,
  Organization: readParty,
  CareTeam: readParty,
  HealthcareService: readParty,
};
