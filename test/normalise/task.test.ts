import { describe, expect, test } from "vitest";
import { at, exactly, factsOf, refusalOf } from "./normalise-example.ts";

const lastModified = "2026-03-02T09:00:00Z";
const task = (members: object) => factsOf("Task", { status: "completed", intent: "order", lastModified, ...members });
const taskCode = (code: string) => ({ coding: [{ system: "http://hl7.org/fhir/CodeSystem/task-code", code }] });

test("a Task says everything that its version says", () => {
  const facts = task({
    meta: { versionId: "3" },
    code: taskCode("approve"),
    description: "Review potassium",
    priority: "urgent",
    for: { identifier: { system: "https://fhir.nhs.uk/Id/nhs-number", value: "9434765919" } },
    focus: { reference: "DiagnosticReport/k/_history/2" },
    basedOn: { reference: "ServiceRequest/s" },
    reasonReference: { reference: "Condition/c" },
    input: [{ valueReference: { reference: "Observation/o" } }, { valueString: "Observation/p" }, { valueString: "as soon as you can" }],
    output: [{ valueUrl: "https://epr.example/fhir/Communication/c" }],
    owner: { reference: "Practitioner/p" },
    requester: { reference: "Device/d" },
    authoredOn: "2026-03-01T09:00:00Z",
    executionPeriod: { end: "2026-03-02T09:30:00Z" },
    restriction: { period: { end: "2026-06-21" } },
  });
  expect(facts).toEqual({
    type: "Task",
    versionId: "3",
    status: "completed",
    statusRank: 10,
    contentHash: facts.contentHash,
    recordedAt: at("2026-03-02T09:30:00Z"),
    patient: { key: "https://fhir.nhs.uk/Id/nhs-number|9434765919" },
    intent: "order",
    priority: "urgent",
    code: { codings: [{ system: "http://hl7.org/fhir/CodeSystem/task-code", code: "approve" }] },
    review: "listed",
    description: "Review potassium",
    focus: { key: "DiagnosticReport/k", version: "2" },
    basedOn: [{ key: "ServiceRequest/s" }],
    names: ["ServiceRequest/s", "Condition/c", "Observation/o", "Observation/p"].map((key) => ({ key })),
    outputs: [{ key: "Communication/c" }],
    owner: { kind: "human", ref: { key: "Practitioner/p" } },
    requester: { kind: "machine", ref: { key: "Device/d" } },
    authoredOn: exactly("2026-03-01T09:00:00Z"),
    lastModified: exactly(lastModified),
    executionEnd: exactly("2026-03-02T09:30:00Z"),
    due: { at: at("2026-06-20T23:00:00Z"), end: at("2026-06-21T23:00:00Z"), precision: "day", zoneAssumed: true },
  });
});

describe("the code of a review", () => {
  test.each([
    ["absent", undefined, "absent"],
    ["empty", {}, "absent"],
    ["HL7's approve", taskCode("approve"), "listed"],
    ["approve of some other system", { coding: [{ system: "urn:local", code: "approve" }] }, "other"],
    ["review in any system", { coding: [{ system: "urn:local", code: "review" }] }, "listed"],
    ["sign-off, in capitals", { coding: [{ code: "SIGN-OFF" }] }, "listed"],
    ["the word alone", { text: "Acknowledge" }, "listed"],
    ["other words", { text: "Review and telephone" }, "other"],
    ["HL7's fulfill", taskCode("fulfill"), "other"],
  ])("%s", (_, code, review) => {
    expect(task({ code }).review).toBe(review);
  });
});

describe("the owner", () => {
  test.each([
    ["is the owner", { owner: { reference: "CareTeam/c" } }, { kind: "team", ref: { key: "CareTeam/c" } }],
    [
      "is else R5's requested performer",
      { requestedPerformer: [{ reference: { reference: "PractitionerRole/r" } }] },
      { kind: "human", ref: { key: "PractitionerRole/r" } },
    ],
    ["may be a relative", { owner: { reference: "RelatedPerson/r" } }, { kind: "patient", ref: { key: "RelatedPerson/r" } }],
    ["may be unsaid", {}, undefined],
  ])("%s", (_, members, owner) => {
    expect(task(members).owner).toEqual(owner);
  });
});

test("STU3's requester is its agent, and its context an encounter", () => {
  const facts = task({ requester: { agent: { reference: "Practitioner/p" } }, context: { reference: "Encounter/e" } });
  expect([facts.requester, facts.encounter]).toEqual([{ kind: "human", ref: { key: "Practitioner/p" } }, { key: "Encounter/e" }]);
});

test("a key with white space around it is read as the key, at any depth", () => {
  const facts = task({ "description ": "Review", focus: { " reference": "DiagnosticReport/k" } });
  expect([facts.description, facts.focus]).toEqual(["Review", { key: "DiagnosticReport/k" }]);
});

describe("a Task is refused only where its event cannot be placed", () => {
  const json = { resourceType: "Task", id: "t", intent: "order", focus: { reference: "DiagnosticReport/k" } };
  test.each([
    ["completed", { authoredOn: lastModified }, "when it was completed"],
    ["rejected", { authoredOn: lastModified, executionPeriod: { end: lastModified } }, "when it came to its status"],
    ["in-progress", {}, "when it was requested"],
    ["ready", { lastModified: "12:011:30" }, "when it was requested"],
  ])("%s", (status, members, what) => {
    expect(refusalOf({ ...json, status, ...members })).toMatchObject({
      code: "no-time",
      reason: `This Task does not say ${what}, and nothing else places it.`,
      key: "Task/t",
      names: ["DiagnosticReport/k"],
    });
  });

  test.each([
    ["completed, by the end of its execution", { status: "completed", executionPeriod: { end: lastModified } }],
    ["completed, by lastUpdated", { status: "completed", meta: { lastUpdated: lastModified } }],
    ["requested, by authoredOn", { status: "requested", authoredOn: lastModified }],
    ["failed, by lastModified", { status: "failed", lastModified }],
    ["a draft", { status: "draft" }],
    ["a plan, which opens nothing", { status: "requested", intent: "plan" }],
    ["entered in error", { status: "entered-in-error" }],
  ])("not %s", (_, members) => {
    expect(factsOf("Task", { intent: "order", ...members }).type).toBe("Task");
  });
});
