/** Made whatever runs: they are few, and shown as evidence. */
export const usualActivities = [
  "result.preliminary",
  "result.issued",
  "result.amended",
  "result.withdrawn",
  "result.viewed",
  "result.acknowledged",
  "result.communicated",
  "result.actioned",
  "order.placed",
  "order.completed",
  "order.revoked",
  "order.resulted",
  "order.reprioritised",
  "task.requested",
  "task.accepted",
  "task.started",
  "task.held",
  "task.completed",
  "task.rejected",
  "task.failed",
  "task.cancelled",
  "task.reassigned",
  "task.rescheduled",
  "task.reprioritised",
  "patient.died",
  "chart.opened",
] as const;

/** Made only where a signal that runs asks for them (`wanted.ts`). */
const askedFor = [
  "result.voided",
  "order.voided",
  "specimen.collected",
  "task.voided",
  "encounter.started",
  "encounter.ended",
  "appointment.booked",
  "appointment.fulfilled",
  "appointment.missed",
  "appointment.cancelled",
  "document.drafted",
  "document.signed",
  "document.sent",
  "observation.resulted",
  "observation.recorded",
  "condition.recorded",
  "medication.prescribed",
  "imaging.done",
  "procedure.booked",
  "procedure.done",
  "dose.due",
  "dose.given",
  "dose.omitted",
] as const;

/** The closed vocabulary of care events (`signals.md` section 1). */
export const activities = [...usualActivities, ...askedFor] as const;

export type Activity = (typeof activities)[number];

/** How strong a care event is as evidence: 3 direct … 0 chart opened. */
export type Grade = 0 | 1 | 2 | 3;
