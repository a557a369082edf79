import { describe, expect, test } from "vitest";
import { at, exactly, factsOf, refusalOf } from "./normalise-example.ts";

const sent = "2026-03-02T09:00:00Z";
const report = { reference: "DiagnosticReport/k" };
const subject = { reference: "Patient/1" };
const coded = (code: string) => ({ coding: [{ code }] });
const names = ["DiagnosticReport/k"];

test("a Communication names what it is about", () => {
  const facts = factsOf("Communication", {
    status: "completed",
    sent,
    received: "2026-03-02T09:01:00Z",
    subject,
    about: [report],
    basedOn: report,
    reasonReference: [{ reference: "Task/t" }],
    sender: { reference: "Practitioner/p" },
    category: [coded("alert")],
  });
  expect(facts).toEqual({
    type: "Communication",
    status: "completed",
    statusRank: 10,
    contentHash: facts.contentHash,
    recordedAt: at("2026-03-02T09:01:00Z"),
    patient: { key: "Patient/1" },
    at: exactly(sent),
    received: exactly("2026-03-02T09:01:00Z"),
    code: { codings: [{ code: "alert" }] },
    author: { kind: "human", ref: { key: "Practitioner/p" } },
    basedOn: [{ key: "DiagnosticReport/k" }],
    names: [{ key: "DiagnosticReport/k" }, { key: "Task/t" }],
  });
});

test("an Appointment is its patient's, and booked when it was created", () => {
  const facts = factsOf("Appointment", {
    status: "booked",
    created: "2026-03-02",
    start: "2026-04-02T09:00:00Z",
    participant: [{ actor: { reference: "Practitioner/p" } }, { actor: subject }],
    basedOn: [{ reference: "ServiceRequest/s" }],
    supportingInformation: [report],
    serviceType: [coded("colonoscopy")],
  });
  expect(facts).toEqual({
    type: "Appointment",
    status: "booked",
    statusRank: 5,
    contentHash: facts.contentHash,
    recordedAt: at("2026-03-02T00:00:00Z"),
    patient: { key: "Patient/1" },
    at: { at: at("2026-03-02T00:00:00Z"), end: at("2026-03-03T00:00:00Z"), precision: "day", zoneAssumed: true },
    code: { codings: [{ code: "colonoscopy" }] },
    basedOn: [{ key: "ServiceRequest/s" }],
    names: [{ key: "ServiceRequest/s" }, { key: "DiagnosticReport/k" }],
  });
});

test("a Procedure was done from the start of what was performed, by its first performer", () => {
  const facts = factsOf("Procedure", {
    status: "completed",
    subject,
    performedPeriod: { start: sent, end: "2026-03-02T10:00:00Z" },
    performer: [{ actor: { reference: "Practitioner/p" } }],
    reasonReference: [report],
    code: coded("colonoscopy"),
  });
  expect(facts).toEqual({
    type: "Procedure",
    status: "completed",
    statusRank: 10,
    contentHash: facts.contentHash,
    patient: { key: "Patient/1" },
    at: exactly(sent),
    code: { codings: [{ code: "colonoscopy" }] },
    author: { kind: "human", ref: { key: "Practitioner/p" } },
    basedOn: [],
    names: [{ key: "DiagnosticReport/k" }],
  });
});

test("a CarePlan is made when it was created, by its author", () => {
  const facts = factsOf("CarePlan", {
    status: "active",
    intent: "plan",
    subject,
    created: sent,
    author: [{ reference: "Practitioner/p" }],
    supportingInfo: [report],
    title: "Anticoagulation",
  });
  expect(facts).toEqual({
    type: "CarePlan",
    status: "active",
    statusRank: 6,
    contentHash: facts.contentHash,
    recordedAt: at(sent),
    patient: { key: "Patient/1" },
    intent: "plan",
    at: exactly(sent),
    code: { codings: [{ code: "Anticoagulation" }], text: "Anticoagulation" },
    author: { kind: "human", ref: { key: "Practitioner/p" } },
    basedOn: [],
    names: [{ key: "DiagnosticReport/k" }],
  });
});

test("R5 says occurrence for performed, and wraps what is a reason", () => {
  const facts = factsOf("Procedure", { status: "completed", occurrenceDateTime: sent, reason: [{ reference: report }] });
  expect([facts.at, facts.names]).toEqual([exactly(sent), [{ key: "DiagnosticReport/k" }]]);
});

test("STU3 says topic for about, and incomingReferral for what an appointment rests on", () => {
  expect(factsOf("Communication", { status: "completed", sent, topic: [report] }).names).toEqual([{ key: "DiagnosticReport/k" }]);
  expect(
    factsOf("Appointment", { status: "booked", created: sent, incomingReferral: [{ reference: "ReferralRequest/r" }] }).basedOn,
  ).toEqual([{ key: "ReferralRequest/r" }]);
});

describe("an act is refused only where its event cannot be placed", () => {
  test.each([
    ["a completed Communication about a report", { resourceType: "Communication", status: "completed", about: [report] }, names],
    ["a booked Appointment", { resourceType: "Appointment", status: "booked" }, []],
    ["a completed Procedure", { resourceType: "Procedure", status: "completed" }, []],
    ["an active CarePlan that names a report", { resourceType: "CarePlan", status: "active", supportingInfo: [report] }, names],
  ])("%s", (_, members, named) => {
    expect(refusalOf({ id: "a", ...members })).toMatchObject({ code: "no-time", names: named });
  });

  test.each([
    ["a Communication that is received", "Communication", { status: "completed", about: [report], received: sent }],
    ["a Communication about nothing", "Communication", { status: "completed" }],
    ["a Communication in preparation", "Communication", { status: "preparation", about: [report] }],
    ["an Appointment that is only proposed", "Appointment", { status: "proposed" }],
    ["a Procedure not done", "Procedure", { status: "not-done" }],
    ["a CarePlan that names nothing", "CarePlan", { status: "active" }],
  ] as const)("not %s", (_, type, members) => {
    expect(factsOf(type, members).type).toBe(type);
  });
});
