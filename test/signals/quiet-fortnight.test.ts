import { expect, test } from "vitest";
import { detectActor } from "../../src/detect/detect-actor.ts";
import { detectPatient } from "../../src/detect/detect-patient.ts";
import type { SiteView } from "../../src/detect/detection.ts";
import { findingVerdicts } from "../../src/domain/verdict.ts";
import { madeFrom } from "../../src/domain/made-from.ts";
import { readCatalogue } from "../../src/signals/catalogue.ts";
import { compileExample } from "../../src/signals/compile-example.ts";
import type { WrittenEvent } from "../../src/signals/example-schema.ts";

const hourMs = 3_600_000;
const start = Date.parse("2026-03-02T00:00:00Z");
const now = start + 15 * 24 * hourMs;
const signals = readCatalogue().map(({ signal }) => signal);

/** A day of ordinary care of one patient: what should follow follows, in the time that it usually takes. */
function dayOfCare(day: number): WrittenEvent[] {
  const at = (hours: number) => new Date(start + (day * 24 + hours) * hourMs).toISOString().replace(".000", "");
  const id = (type: string, what: string) => `${type}/${what}-${String(day)}`;
  const doctor = "Practitioner/doctor";
  const [potassium, ct, xray, oldResult] = ["potassium", "ct", "xray", "amended"].map((what) => id("DiagnosticReport", what));
  const said = (hours: number, activity: WrittenEvent["activity"], subject: string, more: Partial<WrittenEvent> = {}): WrittenEvent => ({
    at: at(hours),
    activity,
    subject,
    ...more,
  });
  const stay = id("Encounter", "stay");
  const score = { code: "snomed|1104051000000101", unit: "{score}", encounter: stay };
  const kidney = { code: "loinc|14682-9" };
  return [
    // A blood test, ordered at seven and dealt with by noon; its potassium was critical, and telephoned.
    said(7, "order.placed", id("ServiceRequest", "blood"), { kind: "laboratory", priority: "stat", actor: doctor }),
    said(7.5, "specimen.collected", potassium!, { via: "report" }),
    said(9, "order.resulted", id("ServiceRequest", "blood")),
    said(9, "result.issued", potassium!, { urgency: "critical", setting: "inpatient", encounter: stay }),
    said(9.2, "result.communicated", potassium!, { actor: "Practitioner/biochemist" }),
    said(9.3, "result.viewed", potassium!, { actor: doctor }),
    said(9.4, "result.acknowledged", potassium!, { actor: doctor }),
    said(9.5, "result.actioned", potassium!, { actor: doctor }),
    // An abnormal scan, read and acted upon the next morning; a normal one that nobody needs to look at.
    said(8, "order.placed", id("ServiceRequest", "ct"), { kind: "imaging", priority: "urgent", actor: doctor }),
    said(10, "imaging.done", id("ServiceRequest", "ct"), { kind: "imaging" }),
    said(15, "order.resulted", id("ServiceRequest", "ct")),
    said(15, "result.issued", ct!, { urgency: "abnormal", kind: "imaging", setting: "outpatient" }),
    said(23, "result.viewed", ct!, { actor: doctor }),
    said(23.1, "result.acknowledged", ct!, { actor: doctor }),
    said(23.2, "result.actioned", ct!, { actor: doctor }),
    said(11, "result.issued", xray!, { urgency: "normal", kind: "imaging" }),
    // A result that is amended after it was acknowledged, and looked at again.
    said(6, "result.issued", oldResult!, { urgency: "abnormal" }),
    said(6.5, "result.viewed", oldResult!, { actor: doctor }),
    said(6.6, "result.acknowledged", oldResult!, { actor: doctor }),
    said(6.7, "result.actioned", oldResult!, { actor: doctor }),
    said(8, "result.amended", oldResult!, { urgency: "abnormal" }),
    said(8.5, "result.viewed", oldResult!, { actor: doctor }),
    said(8.6, "result.acknowledged", oldResult!, { actor: doctor }),
    said(8.7, "result.actioned", oldResult!, { actor: doctor }),
    // Work that is handed over, once, taken on and done.
    said(9, "task.requested", id("Task", "call"), { priority: "urgent" }),
    said(9.5, "task.reassigned", id("Task", "call")),
    said(10, "task.accepted", id("Task", "call")),
    said(12, "task.completed", id("Task", "call"), { actor: "Practitioner/nurse" }),
    // Referred, rejected, referred again and booked; a follow-up that is booked; a letter that is sent.
    said(9, "order.placed", id("ServiceRequest", "referral"), { kind: "referral", priority: "urgent", actor: doctor }),
    said(10, "task.rejected", id("Task", "triage"), { order: id("ServiceRequest", "referral"), kind: "referral" }),
    said(14, "task.requested", id("Task", "triage-again"), { order: id("ServiceRequest", "referral"), priority: "routine" }),
    said(15, "task.accepted", id("Task", "triage-again"), { order: id("ServiceRequest", "referral") }),
    said(16, "task.completed", id("Task", "triage-again"), { order: id("ServiceRequest", "referral") }),
    said(9, "order.placed", id("ServiceRequest", "follow"), { code: "snomed|390906007", due: at(200), actor: doctor }),
    said(20, "appointment.booked", id("ServiceRequest", "follow"), { order: id("ServiceRequest", "follow") }),
    said(16, "document.signed", id("Composition", "summary"), { code: "loinc|18842-5" }),
    said(18, "document.sent", id("Composition", "summary"), { via: "audit" }),
    // On the ward: observations as the score asks for them, home in the evening, and a culture the next morning.
    said(6, "encounter.started", stay),
    said(6.2, "observation.recorded", id("Observation", "first"), { ...score, value: 2 }),
    said(12, "observation.recorded", id("Observation", "second"), { ...score, value: 0 }),
    said(17, "encounter.ended", stay, { setting: "inpatient" }),
    said(8, "specimen.collected", id("DiagnosticReport", "culture"), { via: "report" }),
    said(22, "result.issued", id("DiagnosticReport", "culture"), { urgency: "abnormal", encounter: stay }),
    said(22.3, "result.viewed", id("DiagnosticReport", "culture"), { actor: doctor }),
    said(22.5, "result.acknowledged", id("DiagnosticReport", "culture"), { actor: doctor }),
    said(22.6, "result.actioned", id("DiagnosticReport", "culture"), { actor: doctor }),
    // A dose at eight, given a little early, and one at eight in the evening, given a little late.
    ...[8, 20].flatMap((hour) => [
      said(hour, "dose.due", "MedicationRequest/levodopa", { code: "snomed|387086006", setting: "inpatient" }),
      said(hour + (hour === 8 ? -0.2 : 0.3), "dose.given", "MedicationRequest/levodopa", { actor: "Practitioner/nurse" }),
    ]),
    // A prescription that is corrected for its patient; the same for another one, later on the round.
    said(9, "order.placed", id("MedicationRequest", "first"), { code: "snomed|387207008", actor: doctor }),
    said(9.1, "order.revoked", id("MedicationRequest", "first"), { actor: doctor }),
    said(9.15, "order.placed", id("MedicationRequest", "corrected"), { code: "snomed|387207008", actor: doctor }),
    said(9.5, "order.placed", id("MedicationRequest", "other"), { code: "snomed|387207008", actor: doctor, patient: "Patient/other" }),
    // Red flags of two first days, and what is done about them within the fortnight.
    ...(day === 0
      ? [
          said(9, "observation.resulted", "Observation/fit", { code: "loinc|29771-3", urgency: "abnormal", age: 60 }),
          said(9, "observation.resulted", "Observation/hb", { code: "loinc|718-7", value: 100, unit: "g/L", age: 60 }),
          said(9, "observation.resulted", "Observation/mcv", { code: "loinc|787-2", value: 75, unit: "fL", age: 60 }),
          said(9, "observation.resulted", "Observation/creatinine", { ...kidney, urgency: "abnormal" }),
          said(9, "observation.resulted", "Observation/shadow", { code: "snomed|399208008", answer: "snomed|162573006" }),
          said(9, "observation.resulted", "Observation/urine", { code: "loinc|13945-1", value: 80, unit: "/[HPF]" }),
          said(9, "observation.resulted", "Observation/afp", { code: "loinc|1834-1", flag: "high" }),
          said(7, "condition.recorded", "Condition/thyroid", { code: "snomed|40930008" }),
          said(8, "medication.prescribed", "MedicationRequest/thyroxine", { code: "snomed|126202002", dose: "100 ug" }),
          said(9, "observation.resulted", "Observation/tsh", { code: "loinc|3016-3", flag: "high" }),
        ]
      : []),
    ...(day === 7
      ? [
          said(9, "procedure.booked", "Appointment/colonoscopy", { code: "snomed|73761001" }),
          said(9, "observation.resulted", "Observation/creatinine-again", { ...kidney, urgency: "normal" }),
          said(9, "imaging.done", "ImagingStudy/ct", { code: "snomed|169069000" }),
          said(9, "procedure.booked", "Appointment/cystoscopy", { code: "snomed|24139008" }),
          said(9, "imaging.done", "ImagingStudy/liver", { code: "loinc|24558-9" }),
          said(9, "medication.prescribed", "MedicationRequest/more", { code: "snomed|126202002", dose: "125 ug" }),
        ]
      : []),
  ];
}

test("a quiet fortnight of ordinary care fires nothing, of the whole catalogue", () => {
  const written = Array.from({ length: 14 }, (_, day) => dayOfCare(day)).flat();
  const { events } = compileExample({ name: "quiet", now: new Date(now).toISOString(), events: written, expect: "none" });
  const types = [...new Set([...Object.values(madeFrom).flat(), "Observation", "Encounter"])];
  const view: SiteView = {
    site: "quiet",
    feeds: new Map(types.map((type) => [type, { covered: [{ from: -8.64e15, to: now }], outages: [], silent: [], unreadable: [] }])),
    madeFrom,
    watchFrom: -8.64e15,
    blindAfterMs: 6 * hourMs,
    closingSeen: new Set(signals.map(({ id }) => id)),
    signals: signals.map((signal) => ({ id: signal.id, versions: [{ from: -8.64e15, signal }] })),
  };
  const own = events.filter(({ patient }) => patient !== "Patient/other");
  const persons = { personOf: (actor: string) => actor, organisationsOf: () => [] };
  const { loops } = detectPatient(view, { events: own, persons, quarantined: { bySubject: new Map(), ofPatient: [] } }, now);
  const doctors = detectActor(
    view,
    events.filter(({ actor }) => actor === "Practitioner/doctor"),
    now,
  );
  const fired = [...loops, ...doctors.map(({ loop }) => loop)].filter(({ verdict }) => findingVerdicts.includes(verdict));
  expect(fired.map(({ signal, subject, verdict }) => `${signal} ${subject} ${verdict}`)).toEqual([]);
  // Every loop of the catalogue was opened, so that nothing is quiet for want of anything to look at.
  const loopIds = signals.filter(({ loop }) => loop).map(({ id }) => id);
  expect(loopIds.filter((id) => !loops.some(({ signal }) => signal === id))).toEqual([]);
});
