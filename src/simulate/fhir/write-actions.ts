import type { Action, Chart } from "../chart.ts";
import { concept, HL7, recordOf, reference, type FhirRecord, type Json } from "./record.ts";
import { iso } from "./iso.ts";

export function writeActions(chart: Chart): FhirRecord[] {
  return chart.actions.flatMap((action) => recordOf(action.key, [{ at: action.at, content: tell(chart, action) }]));
}

function tell({ patient }: Chart, { type, title, at, by, encounter, because }: Action): Json {
  const common: Json = {
    subject: reference(patient.key),
    encounter: encounter && reference(encounter.key),
    reasonReference: because && [reference(because.key)],
  };
  const own: Record<Action["type"], Json> = {
    MedicationRequest: {
      status: "active",
      intent: "order",
      medicationCodeableConcept: { text: title },
      authoredOn: iso(at),
      requester: reference(by.key),
    },
    Procedure: { status: "completed", code: { text: title }, performedDateTime: iso(at), performer: [{ actor: reference(by.key) }] },
    CarePlan: { status: "active", intent: "plan", title, created: iso(at), author: reference(by.key) },
  };
  return { ...own[type], ...common };
}

export function writeCalls({ patient, calls }: Chart): FhirRecord[] {
  return calls
    .filter(({ isRecorded }) => isRecorded)
    .flatMap(({ key, at, by, result }) => {
      const content: Json = {
        status: "completed",
        medium: [concept(`${HL7}/v3-ParticipationMode`, "PHONE", "telephone")],
        subject: reference(patient.key),
        about: [reference(result.key)],
        sent: iso(at),
        sender: reference(by.key),
        recipient: [reference(result.team.key)],
      };
      return recordOf(key, [{ at, content }]);
    });
}
