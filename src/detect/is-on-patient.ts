import type { CareEvent } from "../domain/care-event.ts";

/** Stored once on the patient as a whole, and matched to records in detection. */
export function isOnPatient(event: Pick<CareEvent, "activity" | "grade">): boolean {
  return (
    event.activity === "patient.died" ||
    event.activity === "chart.opened" ||
    (event.activity === "result.actioned" && event.grade === 1) ||
    (event.activity === "result.viewed" && event.grade === 1)
  );
}
