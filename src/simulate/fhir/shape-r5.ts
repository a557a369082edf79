import type { Json } from "./record.ts";

/** What R5 says otherwise than R4, of the types that are written here. */
export function shapeR5(type: string, body: Json): Json {
  const change = changes[type];
  return change === undefined ? body : change(body);
}

const changes: Readonly<Record<string, (body: Json) => Json>> = {
  Encounter: ({ class: coding, period, status, ...rest }) => ({
    ...rest,
    status: status === "finished" ? "completed" : status,
    class: [{ coding: [coding] }],
    actualPeriod: period,
  }),
  ServiceRequest: ({ code, reasonReference, ...rest }) => ({ ...rest, code: { concept: code }, ...reasons(reasonReference) }),
  MedicationRequest: ({ medicationCodeableConcept, reasonReference, ...rest }) => ({
    ...rest,
    medication: { concept: medicationCodeableConcept },
    ...reasons(reasonReference),
  }),
  MedicationAdministration: ({ medicationCodeableConcept, effectiveDateTime, context, ...rest }) => ({
    ...rest,
    medication: { concept: medicationCodeableConcept },
    // As R5 spells it.
    occurenceDateTime: effectiveDateTime,
    encounter: context,
  }),
  Procedure: ({ performedDateTime, reasonReference, ...rest }) => ({
    ...rest,
    occurrenceDateTime: performedDateTime,
    ...reasons(reasonReference),
  }),
  DocumentReference: ({ context, ...rest }) => ({ ...rest, context: (context as { encounter: unknown }).encounter }),
  ImagingStudy: ({ procedureCode, ...rest }) => ({
    ...rest,
    procedure: Array.isArray(procedureCode) ? procedureCode.map((each: unknown) => ({ concept: each })) : undefined,
  }),
  Appointment: ({ serviceType, participant, ...rest }) => ({
    ...rest,
    serviceType: Array.isArray(serviceType) ? serviceType.map((each: unknown) => ({ concept: each })) : undefined,
    subject: Array.isArray(participant) ? (participant[0] as { actor: unknown }).actor : undefined,
    participant,
  }),
  Task: ({ owner, ...rest }) => ({ ...rest, owner, requestedPerformer: [{ reference: owner }] }),
};

function reasons(references: unknown): Json {
  return Array.isArray(references) ? { reason: references.map((each: unknown) => ({ reference: each })) } : {};
}
