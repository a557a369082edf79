import { describe, expect, test } from "vitest";
import { at, exactly, factsOf, refusalOf } from "./normalise-example.ts";

const authoredOn = "2026-03-02T09:00:00Z";
const order = (members: object) => factsOf("ServiceRequest", { status: "active", intent: "order", authoredOn, ...members });
const medication = (members: object) => factsOf("MedicationRequest", { status: "active", intent: "order", authoredOn, ...members });
const coded = (code: string, system?: string) => ({ coding: [system === undefined ? { code } : { system, code }] });

test("an order says everything that its version says", () => {
  const facts = order({
    priority: "stat",
    category: [coded("108252007", "http://snomed.info/sct")],
    code: coded("K", "urn:tests"),
    subject: { reference: "Patient/1" },
    requester: { reference: "PractitionerRole/r" },
    basedOn: [{ reference: "CarePlan/c" }],
    reasonReference: [{ reference: "DiagnosticReport/d" }],
    supportingInfo: [{ reference: "Observation/o" }],
  });
  expect(facts).toEqual({
    type: "ServiceRequest",
    status: "active",
    statusRank: 6,
    contentHash: facts.contentHash,
    recordedAt: at(authoredOn),
    patient: { key: "Patient/1" },
    intent: "order",
    priority: "stat",
    authoredOn: exactly(authoredOn),
    code: { codings: [{ system: "urn:tests", code: "K" }] },
    kind: "laboratory",
    requester: { kind: "human", ref: { key: "PractitionerRole/r" } },
    basedOn: [{ key: "CarePlan/c" }],
    names: [{ key: "CarePlan/c" }, { key: "DiagnosticReport/d" }, { key: "Observation/o" }],
  });
});

describe("the kind of an order", () => {
  const snomed = "http://snomed.info/sct";
  test.each([
    ["laboratory, by SNOMED CT", { category: [coded("108252007", snomed)] }, "laboratory"],
    ["laboratory, by its word", { category: [coded("laboratory", "urn:local")] }, "laboratory"],
    ["laboratory, by text alone", { category: [{ text: "Laboratory" }] }, "laboratory"],
    ["imaging, by SNOMED CT", { category: [coded("363679005", snomed)] }, "imaging"],
    ["imaging, by RAD", { category: coded("RAD") }, "imaging"],
    ["referral, by SNOMED CT's 3457005", { category: [coded("3457005", snomed)] }, "referral"],
    ["referral, by SNOMED CT's 306206005 as its code", { code: coded("306206005", snomed) }, "referral"],
    ["another", { category: [coded("387713003", snomed)] }, undefined],
    ["none said", {}, undefined],
  ])("%s", (_, members, kind) => {
    expect(order(members).kind).toBe(kind);
  });
});

test.each([
  ["STAT", "stat"],
  ["asap", "asap"],
  ["urgent", "urgent"],
  ["routine", "routine"],
  ["whenever", undefined],
  [undefined, undefined],
])("priority %s", (priority, expected) => {
  expect(order({ priority }).priority).toBe(expected);
});

describe("a medicine is", () => {
  test.each([
    ["its code", { medicationCodeableConcept: coded("M") }, { codings: [{ code: "M" }] }],
    ["R5's concept", { medication: { concept: coded("M") } }, { codings: [{ code: "M" }] }],
    ["the code of a contained medication", { medicationReference: { reference: "#m" } }, { codings: [{ code: "C" }] }],
    [
      "else the medication that it names",
      { medicationReference: { reference: "Medication/7", display: "Apixaban" } },
      { codings: [{ code: "Medication/7" }], text: "Apixaban" },
    ],
    ["R5's reference", { medication: { reference: { reference: "Medication/7" } } }, { codings: [{ code: "Medication/7" }] }],
    ["unsaid", {}, { codings: [] }],
  ])("%s", (_, members, code) => {
    expect(medication({ contained: [{ resourceType: "Medication", id: "m", code: coded("C") }], ...members }).code).toEqual(code);
  });
});

describe("who asks", () => {
  test.each([
    ["a practitioner", { reference: "Practitioner/p" }, { kind: "human", ref: { key: "Practitioner/p" } }],
    [
      "STU3's agent",
      { agent: { reference: "Practitioner/p" }, onBehalfOf: { reference: "Organization/o" } },
      { kind: "human", ref: { key: "Practitioner/p" } },
    ],
    ["a device", { reference: "Device/d" }, { kind: "machine", ref: { key: "Device/d" } }],
    ["an organisation", { reference: "Organization/o" }, { kind: "team", ref: { key: "Organization/o" } }],
    ["a patient", { reference: "Patient/1" }, { kind: "patient", ref: { key: "Patient/1" } }],
    ["a display alone is a human without a key", { display: "Dr Grey" }, { kind: "human" }],
    ["a name that is configured as a machine", { display: "INTEGRATION ENGINE" }, { kind: "machine" }],
    ["nobody", {}, undefined],
  ])("%s", (_, requester, expected) => {
    expect(order({ requester }).requester).toEqual(expected);
  });
});

test("R5's reason names what its reference names", () => {
  expect(order({ reason: [{ reference: { reference: "DiagnosticReport/d" } }, { concept: coded("x") }] }).names).toEqual([
    { key: "DiagnosticReport/d" },
  ]);
});

describe("an order is refused only where it cannot be placed", () => {
  const json = { resourceType: "ServiceRequest", id: "s", status: "active", intent: "order" };
  test("with neither authoredOn nor lastUpdated", () => {
    expect(refusalOf({ ...json, authoredOn: "12:011:30" })).toMatchObject({ code: "no-time", key: "ServiceRequest/s", names: [] });
  });

  test.each([
    ["one with lastUpdated", { meta: { lastUpdated: authoredOn } }],
    ["a draft, which opens nothing", { status: "draft" }],
    ["a proposal, which opens nothing", { intent: "proposal" }],
    ["one entered in error", { status: "entered-in-error" }],
  ])("not %s", (_, members) => {
    expect(order({ authoredOn: undefined, ...members }).type).toBe("ServiceRequest");
  });
});
