import { describe, expect, test } from "vitest";
import { normalise } from "../../src/normalise/normalise.ts";
import { context, refusalOf } from "./normalise-example.ts";

const report = { reference: "https://epr.example/fhir/DiagnosticReport/k" };

test.each([null, undefined, 7, "text", true, [], [{ resourceType: "Task" }]])("%j is no FHIR resource", (value) => {
  expect(refusalOf(value)).toEqual({ kind: "refused", code: "not-fhir", reason: "It is no JSON object.", names: [] });
});

test("an object without a resourceType is no FHIR resource", () => {
  expect(refusalOf({ id: "1", resourceType: 7, focus: report })).toEqual({
    kind: "refused",
    code: "not-fhir",
    reason: "It has no resourceType.",
    names: ["DiagnosticReport/k"],
  });
});

test("types that nothing uses are skipped, read or not", () => {
  const kinds = ["Claim", "Location", "Coverage", "Bundle", "OperationOutcome", "constructor", "__proto__"].map((resourceType) =>
    normalise({ resourceType }, context),
  );
  expect(kinds.every(({ kind }) => kind === "skipped")).toBe(true);
  expect(kinds[0]).toEqual({ kind: "skipped", type: "Claim" });
});

describe("the id", () => {
  test.each([undefined, "", "  ", null, true, {}, []])("%j is none", (id) => {
    const task = { resourceType: "Task", id, for: { reference: "Patient/1" }, focus: report, lastModified: "2026-03-02T09:00:00Z" };
    expect(refusalOf(task)).toEqual({
      kind: "refused",
      code: "no-id",
      reason: "This Task has no id.",
      type: "Task",
      names: ["DiagnosticReport/k"],
      patient: "Patient/1",
      eventAt: Date.parse("2026-03-02T09:00:00Z"),
    });
  });

  test.each([
    [7, "Patient/7"],
    ["a_b:c", "Patient/a_b:c"],
    [" x ", "Patient/x"],
  ])("%j is taken as it is", (id, key) => {
    expect(normalise({ resourceType: "Patient", id }, context)).toMatchObject({ kind: "facts", key });
  });
});

test("a refusal names loops and patient by identifier where the resource does, and never itself", () => {
  const by = (value: string) => ({ identifier: { system: "urn:x", value } });
  expect(
    refusalOf({
      resourceType: "Task",
      status: "failed",
      id: "t",
      focus: by("k"),
      basedOn: [by("s")],
      for: by("1"),
      partOf: { reference: "#" },
    }),
  ).toMatchObject({
    names: ["urn:x|k", "urn:x|s"],
    patient: "urn:x|1",
  });
});

describe("FHIR DSTU2 is refused with a reason", () => {
  test.each([
    [
      "AuditEvent",
      { event: { dateTime: "2015-08-22T23:42:24Z" }, participant: [], object: [{ reference: report }] },
      ["DiagnosticReport/k"],
    ],
    ["DiagnosticReport", { status: "final", request: [{ reference: "ServiceRequest/s" }] }, ["ServiceRequest/s"]],
    ["Encounter", { class: "inpatient", patient: { reference: "Patient/1" } }, []],
    ["Provenance", { agent: [{ actor: { reference: "Practitioner/p" } }], target: [report] }, ["DiagnosticReport/k"]],
    ["MedicationOrder", {}, []],
  ])("%s", (type, members, names) => {
    expect(refusalOf({ resourceType: type, id: "old", ...members })).toMatchObject({
      code: "dstu2",
      reason: `This ${type} is in the form of FHIR DSTU2, which is not read: STU3, R4, R4B and R5 are.`,
      type,
      names,
    });
  });
});

test("JSON that is nested beyond reason is refused, not read", () => {
  let nested: unknown = report;
  for (let depth = 0; depth < 5_000; depth += 1) nested = { extension: [nested] };
  expect(refusalOf({ resourceType: "Task", id: "t", nested })).toEqual({
    kind: "refused",
    code: "too-deep",
    reason: "This Task is nested deeper than any FHIR resource.",
    type: "Task",
    names: ["DiagnosticReport/k"],
  });
});

test("a reason quotes nothing that could identify anybody", () => {
  const secret = "Smith-9434765919";
  const refused = [
    refusalOf({ resourceType: "Task", id: secret, status: "completed", description: secret, lastModified: secret }),
    refusalOf({ resourceType: "Task", name: secret }),
    refusalOf({ resourceType: "AuditEvent", id: "1", event: secret, participant: secret }),
  ];
  expect(refused.filter(({ reason }) => reason.includes("Smith") || reason.includes("9434765919"))).toEqual([]);
});
