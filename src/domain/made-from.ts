import type { Activity } from "./activity.ts";

/** Which resource types the default mapping makes an activity from (`signals.md` section 1, last column). */
export const madeFrom: Partial<Readonly<Record<Activity, readonly string[]>>> = {
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
  "patient.died": ["Patient"],
  "chart.opened": ["AuditEvent"],
};

/** An order that names no result is an action on one only by who looked: those feeds carry it too, below grade 3. */
const lookedFrom = ["AuditEvent", "Provenance"];

/** The resource types that could carry any of these activities at a grade. */
export function feedTypes(activities: readonly Activity[], gradeAtLeast = 3): string[] {
  const types = activities.flatMap((activity) => [
    ...(madeFrom[activity] ?? []),
    ...(activity === "result.actioned" && gradeAtLeast < 3 ? lookedFrom : []),
  ]);
  return [...new Set(types)].sort();
}
