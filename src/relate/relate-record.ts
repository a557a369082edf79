import type { Key } from "../domain/facts.ts";
import { isWanted, usuallyWanted, type Wanted } from "../domain/wanted.ts";
import { relateOrderAsAct, relateOtherAct } from "./act.ts";
import { relateAppointment } from "./appointment.ts";
import { relateAuditEvent } from "./audit-event.ts";
import { relateEncounter } from "./encounter.ts";
import { relateAdministration, relateDoses } from "./doses.ts";
import { relateDocument, relateHappening, relateProcedure } from "./happening.ts";
import { relateObservation } from "./observation.ts";
import { relateOrder } from "./order.ts";
import { relatePatient } from "./patient.ts";
import { relateProvenance } from "./provenance.ts";
import type { RelatedEvent } from "./related-event.ts";
import { relateReport } from "./report.ts";
import { relateTask } from "./task.ts";
import { relateTold } from "./told.ts";
import { typeOf, type World } from "./world.ts";

type Relate = (world: World, key: Key) => RelatedEvent[];

/** Which records say something of their own; the others only carry attributes. */
const relateByType: Readonly<Record<string, Relate>> = {
  DiagnosticReport: relateReport,
  Task: relateTask,
  ServiceRequest: (world, key) => [...relateOrder(world, key), ...relateOrderAsAct(world, key)],
  MedicationRequest: (world, key) => [...relateOrder(world, key), ...relateOrderAsAct(world, key), ...relateDoses(world, key)],
  AuditEvent: relateAuditEvent,
  Provenance: relateProvenance,
  Communication: relateOtherAct,
  Appointment: (world, key) => [...relateOtherAct(world, key), ...relateAppointment(world, key)],
  Procedure: (world, key) => [...relateOtherAct(world, key), ...relateProcedure(world, key)],
  Encounter: relateEncounter,
  Observation: relateObservation,
  Condition: relateHappening,
  ImagingStudy: relateHappening,
  DocumentReference: relateDocument,
  Composition: relateDocument,
  MedicationAdministration: relateAdministration,
  CarePlan: relateOtherAct,
  Patient: relatePatient,
};

/** The care events that one record says, placed on the records they are about; what the site's mapping reads goes before the usual. */
export function relateRecord(world: World, key: Key, wanted: Wanted = usuallyWanted): RelatedEvent[] {
  const usual = relateByType[typeOf(key)]?.(world, key) ?? [];
  const made = usual.filter((event) => isWanted(event, wanted));
  // Hardly a record is read in the site's own way.
  if (world.versions(key).every(({ says, saysNot }) => says === undefined && saysNot === undefined)) return made;
  const told = relateTold(world, key);
  const denied = world.versions(key).flatMap((version): readonly string[] => version.saysNot ?? []);
  const isTold = ({ activity, subject }: RelatedEvent): boolean =>
    told.some((event) => event.activity === activity && event.subject === subject);
  return [...made.filter((event) => !denied.includes(event.activity) && !isTold(event)), ...told];
}
