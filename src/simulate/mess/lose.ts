import { rollDice } from "../dice.ts";
import type { FhirRecord, Json } from "../fhir/record.ts";
import { iso } from "../fhir/iso.ts";
import { MINUTE } from "../london-time.ts";

/** Shares lost for each degree: a message that an interface dropped, a field that a transformation forgot. */
const lostRecords: Readonly<Record<string, number>> = {
  Appointment: 0.002,
  AuditEvent: 0.004,
  Communication: 0.004,
  Composition: 0.002,
  Condition: 0.002,
  DiagnosticReport: 0.002,
  DocumentReference: 0.002,
  ImagingStudy: 0.002,
  MedicationAdministration: 0.002,
  MedicationRequest: 0.002,
  Observation: 0.002,
  Procedure: 0.002,
  Provenance: 0.004,
  ServiceRequest: 0.002,
  Task: 0.003,
};
const lostReferences: Readonly<Record<string, readonly string[]>> = {
  Appointment: ["basedOn"],
  AuditEvent: ["agent"],
  Communication: ["about"],
  DiagnosticReport: ["basedOn", "encounter", "result", "subject"],
  ImagingStudy: ["basedOn"],
  MedicationAdministration: ["request"],
  Procedure: ["basedOn"],
  ServiceRequest: ["requester", "subject"],
  Task: ["focus", "owner", "for"],
};
const shareOfReferences = 0.004;
/** Clocks of machines, each off by as many minutes as its seed says: which types carry their times. */
const clocks: Readonly<Record<string, readonly string[]>> = {
  laboratory: ["DiagnosticReport", "Observation"],
  telephone: ["Communication"],
  epr: ["AuditEvent"],
};
const times = ["issued", "effectiveDateTime", "sent", "recorded", "occurredDateTime"];

/** What nobody declares: undefined where the record is lost, else the record with what else is lost or off. */
export function loseSilently(seed: number, degree: number, record: FhirRecord): FhirRecord | undefined {
  const { type, body } = record;
  const dice = rollDice(seed, "lost", type, String(body["id"]), record.storedAt);
  if (dice.chance((lostRecords[type] ?? 0) * degree)) return undefined;
  let content = body;
  for (const name of lostReferences[type] ?? []) {
    if (!(name in body) || !dice.chance(shareOfReferences * degree)) continue;
    const { [name]: _lost, ...rest } = content;
    content = rest;
  }
  return { ...record, body: shiftClock(seed, degree, type, content) };
}

function shiftClock(seed: number, degree: number, type: string, body: Json): Json {
  const clock = Object.keys(clocks).find((name) => clocks[name]?.includes(type));
  if (clock === undefined) return body;
  const dice = rollDice(seed, "clock", clock);
  const off = dice.chance(0.3 * degree) ? dice.int(-4, 4) * degree * MINUTE : 0;
  if (off === 0) return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      times.includes(name) && typeof value === "string" ? iso(Date.parse(value) + off) : value,
    ]),
  );
}
