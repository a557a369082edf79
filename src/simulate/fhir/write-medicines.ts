import type { Chart } from "../chart.ts";
import { MINUTE } from "../london-time.ts";
import { medicineCodes } from "../pathway-codes.ts";
import type { Medicine, Times } from "../pathway.ts";
import { iso } from "./iso.ts";
import { concept, recordOf, reference, type FhirRecord, type Json } from "./record.ts";

/** Prescriptions with their times, and each dose that was given or left out. What was taken before is written as the patient is registered. */
export function* writeMedicines(chart: Chart): Generator<FhirRecord> {
  const { patient, hospital, encounters } = chart;
  const registeredAt = Math.max(hospital.start, (encounters[0]?.from ?? hospital.start) - 5 * MINUTE);
  for (const medicine of chart.medicines) {
    const { key, name, at, dose, changes, ended, encounter } = medicine;
    const { system, code, display } = medicineCodes[name];
    const drug = concept(system, code, display);
    const content = (status: string, amount: number): Json => ({
      status,
      intent: "order",
      medicationCodeableConcept: drug,
      subject: reference(patient.key),
      encounter: encounter && reference(encounter.key),
      authoredOn: iso(at),
      requester: medicine.by && reference(medicine.by.key),
      dosageInstruction: [tellDosage(medicine, amount)],
    });
    const last = changes.at(-1)?.dose ?? dose;
    yield* recordOf(key, [
      { at: Math.max(at, registeredAt), content: content("active", dose) },
      ...changes.map((change) => ({ at: change.at, content: content("active", change.dose) })),
      ...(ended === undefined ? [] : [{ at: ended.at, content: content(ended.status, last) }]),
    ]);
    for (const [place, { at: givenAt, isGiven }] of medicine.doses.entries()) {
      const given = {
        status: isGiven ? "completed" : "not-done",
        statusReason: isGiven ? undefined : [{ text: "Nil by mouth" }],
        medicationCodeableConcept: drug,
        subject: reference(patient.key),
        context: encounter && reference(encounter.key),
        effectiveDateTime: iso(givenAt),
        request: reference(key),
      };
      const id = `${key.replace("MedicationRequest/", "")}-${place + 1}`;
      yield* recordOf(`MedicationAdministration/${id}`, [{ at: givenAt, content: given }]);
    }
  }
}

function tellDosage({ times }: Medicine, amount: number): Json {
  return {
    timing: times === undefined ? { repeat: { frequency: 1, period: 1, periodUnit: "d" } } : tellTimes(times),
    doseAndRate: [{ doseQuantity: { value: amount } }],
  };
}

function tellTimes(times: Times): Json {
  if ("once" in times) return { event: [iso(times.once)] };
  if ("at" in times)
    return { repeat: { frequency: times.at.length, period: 1, periodUnit: "d", timeOfDay: times.at.map((time) => `${time}:00`) } };
  const { everyHours, from, until } = times;
  const boundsPeriod = { start: iso(from), ...(until !== undefined && { end: iso(until) }) };
  return { repeat: { boundsPeriod, frequency: 1, period: everyHours, periodUnit: "h" } };
}
