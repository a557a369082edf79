import { describe, expect, test } from "vitest";
import { at, exactly, factsOf, refusalOf } from "./normalise-example.ts";

const issued = "2026-03-02T09:00:00Z";
const report = (members: object) => factsOf("DiagnosticReport", { status: "final", issued, ...members });
const v2 = (code: string) => ({ coding: [{ system: "http://terminology.hl7.org/CodeSystem/v2-0074", code }] });
const loinc = (code: string) => ({ coding: [{ system: "http://loinc.org", code }] });
const snomed = (code: string) => ({ coding: [{ system: "http://snomed.info/sct", code }] });

test("a report says everything that its version says", () => {
  const facts = report({
    meta: { versionId: "3", lastUpdated: "2026-03-02T09:05:00Z" },
    category: [v2("LAB")],
    code: { coding: [{ system: "http://loinc.org", code: "51990-0", display: "Basic metabolic panel" }] },
    subject: { reference: "Patient/1" },
    encounter: { reference: "Encounter/e" },
    effectiveDateTime: "2026-03-02T07:00:00Z",
    performer: [{ reference: "Organization/lab" }],
    resultsInterpreter: [{ reference: "Practitioner/path" }],
    basedOn: { reference: "ServiceRequest/s" },
    result: [{ reference: "Observation/k" }],
    presentedForm: [{ url: "https://epr.example/fhir/Binary/b?token=1" }, { data: "eA==" }],
    conclusionCode: [{ coding: [{ code: "HH" }] }],
  });
  expect(facts).toEqual({
    type: "DiagnosticReport",
    versionId: "3",
    lastUpdated: at("2026-03-02T09:05:00Z"),
    recordedAt: at(issued),
    status: "final",
    statusRank: 8,
    contentHash: facts.contentHash,
    newsHash: facts.newsHash,
    patient: { key: "Patient/1" },
    encounter: { key: "Encounter/e" },
    issued: exactly(issued),
    effective: exactly("2026-03-02T07:00:00Z"),
    code: { codings: [{ system: "http://loinc.org", code: "51990-0" }], text: "Basic metabolic panel" },
    nature: "result",
    kind: "laboratory",
    results: [{ key: "Observation/k" }],
    contained: {},
    performers: [{ key: "Organization/lab" }, { key: "Practitioner/path" }],
    basedOn: [{ key: "ServiceRequest/s" }],
    forms: [{ key: "Binary/b" }],
    conclusionCritical: true,
    conclusions: [{ codings: [{ code: "HH" }] }],
  });
});

describe("what a report is by itself", () => {
  test.each([
    ["a v2-0074 category is a result", { category: [v2("HM")] }, "result", "laboratory"],
    [
      "STU3's one category, in its system",
      { category: { coding: [{ system: "http://hl7.org/fhir/v2/0074", code: "RAD" }] } },
      "result",
      "imaging",
    ],
    ["v2-0074 CT is imaging", { category: [v2("CT")] }, "result", "imaging"],
    ["LOINC radiology", { category: [loinc("LP29684-5")] }, "result", undefined],
    ["LOINC cardiology is a result of neither kind", { category: [loinc("LP29708-2")] }, "result", undefined],
    ["LOINC pathology", { category: [loinc("LP7839-6")] }, "result", "laboratory"],
    ["a SNOMED CT laboratory procedure", { category: [snomed("108252007")] }, "result", "laboratory"],
    ["a SNOMED CT imaging procedure", { category: [snomed("363679005")] }, "result", undefined],
    ["a note by its category", { category: [loinc("34117-2")] }, "note", undefined],
    ["a note by its code", { code: loinc("11506-3") }, "note", undefined],
    ["a result category goes before a note code", { category: [v2("LAB")], code: loinc("34117-2") }, "result", "laboratory"],
    [
      "LAB of some other system is no result category",
      { category: [{ coding: [{ system: "urn:local", code: "LAB" }] }] },
      "unsaid",
      undefined,
    ],
    ["no category says nothing", {}, "unsaid", undefined],
  ])("%s", (_, members, nature, kind) => {
    const facts = report(members);
    expect([facts.nature, facts.kind]).toEqual([nature, kind]);
  });
});

test("STU3's performers are actors, and its coded diagnosis a conclusion", () => {
  const facts = report({
    performer: [{ role: {}, actor: { reference: "Organization/lab" } }],
    codedDiagnosis: [{ coding: [{ code: "LL" }] }],
  });
  expect([facts.performers, facts.conclusionCritical]).toEqual([[{ key: "Organization/lab" }], true]);
});

test("contained observations are read with their report, members too", () => {
  const quantity = (value: number) => ({ valueQuantity: { value, unit: "mmol/L" } });
  const facts = report({
    contained: [
      { resourceType: "Observation", id: "panel", status: "final", hasMember: [{ reference: "#k" }] },
      { resourceType: "Observation", id: "k", status: "final", ...quantity(7.1) },
      { resourceType: "Specimen", id: "s" },
    ],
    result: [{ reference: "#panel" }],
  });
  const unsaid = { categories: [], members: [], status: "final" };
  expect([facts.results, facts.contained]).toEqual([
    [{ key: "DiagnosticReport/x#panel" }],
    {
      "DiagnosticReport/x#panel": {
        ...unsaid,
        members: [{ key: "DiagnosticReport/x#k" }],
        readings: [{ code: { codings: [] }, interpretations: [], ranges: [] }],
      },
      "DiagnosticReport/x#k": {
        ...unsaid,
        readings: [
          { code: { codings: [] }, interpretations: [], ranges: [], value: { value: 7.1, unit: "mmol/L" }, display: "7.1 mmol/L" },
        ],
      },
    },
  ]);
});

describe("a version is news by its status, issue time, results, conclusion, conclusion codes and forms alone", () => {
  const first = { status: "final", issued, result: [{ reference: "Observation/k" }], conclusion: "raised" };
  test.each([
    ["the category is no news", { category: [v2("LAB")] }, false],
    ["the subject is no news", { subject: { reference: "Patient/2" } }, false],
    ["meta is no news", { meta: { versionId: "2" } }, false],
    ["the status is", { status: "amended" }, true],
    ["the issue time is", { issued: "2026-03-02T10:00:00Z" }, true],
    ["the results are", { result: [{ reference: "Observation/k" }, { reference: "Observation/na" }] }, true],
    ["the conclusion is", { conclusion: "much raised" }, true],
    ["the conclusion codes are", { conclusionCode: [{ coding: [{ code: "HH" }] }] }, true],
    ["the forms are", { presentedForm: [{ url: "Binary/2" }] }, true],
  ])("%s", (_, change, isNews) => {
    expect(report({ ...first, ...change }).newsHash !== report(first).newsHash).toBe(isNews);
  });
});

describe("a report is refused only where its event cannot be placed", () => {
  const json = {
    resourceType: "DiagnosticReport",
    id: "k",
    basedOn: [{ reference: "ServiceRequest/s" }],
    subject: { reference: "Patient/1" },
  };
  test.each(["partial", "preliminary", "final", "amended", "corrected", "appended"])("%s with neither issued nor lastUpdated", (status) => {
    expect(refusalOf({ ...json, status, issued: "2026-02-30" })).toEqual({
      kind: "refused",
      code: "no-time",
      reason: "This DiagnosticReport does not say when it was issued, and nothing else places it.",
      type: "DiagnosticReport",
      key: "DiagnosticReport/k",
      names: ["ServiceRequest/s"],
      patient: "Patient/1",
    });
  });

  test("cancelled without lastUpdated, though it was issued once", () => {
    expect(refusalOf({ ...json, status: "cancelled", issued })).toMatchObject({ code: "no-time", eventAt: at(issued) });
  });

  test.each([
    ["final with lastUpdated", { status: "final", issued: undefined, meta: { lastUpdated: issued } }],
    ["cancelled with lastUpdated", { status: "cancelled", meta: { lastUpdated: issued } }],
    ["entered in error: it voids whenever that is learnt", { status: "entered-in-error", issued: undefined }],
    ["registered: it states no event", { status: "registered", issued: undefined }],
    ["a note: it is no result", { issued: undefined, category: [loinc("34117-2")] }],
  ])("not %s", (_, members) => {
    expect(report(members).type).toBe("DiagnosticReport");
  });
});
