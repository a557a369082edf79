import type { Activity } from "./activity.ts";

/** Which resource types each activity can come from at a site. */
export type MadeFrom = Partial<Readonly<Record<Activity, readonly string[]>>>;

/** By the default mapping (`signals.md` section 1, last column). */
export const madeFrom: MadeFrom = {
  "result.preliminary": ["DiagnosticReport"],
  "result.issued": ["DiagnosticReport"],
  "result.amended": ["DiagnosticReport"],
  "result.withdrawn": ["DiagnosticReport"],
  "result.viewed": ["AuditEvent"],
  "result.acknowledged": ["Task", "AuditEvent", "Provenance"],
  "result.communicated": ["Communication"],
  "result.actioned": ["ServiceRequest", "MedicationRequest", "Appointment", "Procedure", "CarePlan", "Communication", "Task"],
  "order.placed": ["ServiceRequest", "MedicationRequest"],
  "order.completed": ["ServiceRequest", "MedicationRequest"],
  "order.revoked": ["ServiceRequest", "MedicationRequest"],
  "order.reprioritised": ["ServiceRequest", "MedicationRequest"],
  "order.resulted": ["DiagnosticReport"],
  "task.requested": ["Task"],
  "task.accepted": ["Task"],
  "task.started": ["Task"],
  "task.held": ["Task"],
  "task.completed": ["Task"],
  "task.rejected": ["Task"],
  "task.failed": ["Task"],
  "task.cancelled": ["Task"],
  "task.reassigned": ["Task"],
  "task.rescheduled": ["Task"],
  "task.reprioritised": ["Task"],
  "order.voided": ["ServiceRequest", "MedicationRequest"],
  "specimen.collected": ["DiagnosticReport", "Specimen"],
  "encounter.started": ["Encounter"],
  "encounter.ended": ["Encounter"],
  "appointment.booked": ["Appointment"],
  "appointment.fulfilled": ["Appointment"],
  "appointment.missed": ["Appointment"],
  "appointment.cancelled": ["Appointment"],
  "document.drafted": ["DocumentReference", "Composition"],
  "document.signed": ["DocumentReference", "Composition"],
  "document.sent": ["AuditEvent", "Communication"],
  "observation.resulted": ["Observation"],
  "observation.recorded": ["Observation"],
  "condition.recorded": ["Condition"],
  "medication.prescribed": ["MedicationRequest"],
  "imaging.done": ["ImagingStudy"],
  "procedure.booked": ["Appointment", "ServiceRequest"],
  "procedure.done": ["Procedure"],
  "dose.due": ["MedicationRequest"],
  "dose.given": ["MedicationAdministration"],
  "dose.omitted": ["MedicationAdministration"],
  "patient.died": ["Patient"],
  "chart.opened": ["AuditEvent"],
};

/** The resource types that could carry any of these activities at a grade, as the site's mapping makes them. */
export function feedTypes(activities: readonly Activity[], gradeAtLeast = 3, from: MadeFrom = madeFrom): string[] {
  // An order that names no result is an action on one only by who looked: those feeds carry it too, below grade 3.
  const looked = [...(from["result.viewed"] ?? []), ...(from["result.acknowledged"] ?? [])];
  const types = activities.flatMap((activity) => [
    ...(from[activity] ?? []),
    ...(activity === "result.actioned" && gradeAtLeast < 3 ? looked : []),
  ]);
  return [...new Set(types)].sort();
}
