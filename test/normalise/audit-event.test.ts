import { describe, expect, test } from "vitest";
import { normalise } from "../../src/normalise/normalise.ts";
import { context, exactly, factsOf, refusalOf } from "./normalise-example.ts";

const recorded = "2026-03-02T09:00:00Z";
const report = { what: { reference: "DiagnosticReport/k" } };
const grey = { who: { reference: "Practitioner/grey" }, requestor: true };

const event = (members: object) => factsOf("AuditEvent", { recorded, agent: [grey], ...members });
const lifecycle = (code: string) => [{ system: "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle", code }];

test("an event says when it was, who did what to which record of which patient, and nothing else", () => {
  const facts = event({ action: "R", outcome: "0", entity: [report, { what: { reference: "Patient/1" }, role: { code: "1" } }] });
  expect(facts).toEqual({
    type: "AuditEvent",
    status: "",
    statusRank: 0,
    contentHash: facts.contentHash,
    recordedAt: Date.parse(recorded),
    at: exactly(recorded),
    startedAt: exactly(recorded),
    success: true,
    operation: "read",
    actor: { kind: "human", ref: { key: "Practitioner/grey" } },
    agentKinds: ["human"],
    entities: [{ key: "DiagnosticReport/k" }],
    searched: [],
    patient: { key: "Patient/1" },
  });
});

describe("success", () => {
  test.each([
    ["is outcome 0", "0", true],
    ["is a missing outcome", undefined, true],
    ["is not another outcome", "4", false],
    ["is not an outcome that we do not know", "fine", false],
    ["is R5's success", { code: { system: "http://hl7.org/fhir/issue-severity", code: "success" } }, true],
    ["is not R5's error", { code: { code: "error" } }, false],
    ["is an outcome without a code", {}, true],
    ["is the number 0", 0, true],
  ])("%s", (_, outcome, success) => {
    expect(event({ outcome }).success).toBe(success);
  });
});

describe("the operation", () => {
  test.each([
    ["action R is a read", { action: "R" }, "read"],
    ["no action and subtype read", { subtype: [{ code: "read" }] }, "read"],
    ["no action and subtype vread", { subtype: [{ code: "vread" }] }, "read"],
    ["no action and ISO 21089 access", { subtype: lifecycle("access") }, "read"],
    ["no action and an access of some other system", { subtype: [{ system: "urn:door", code: "access" }] }, "other"],
    ["action E and subtype read is no read", { action: "E", subtype: [{ code: "read" }] }, "other"],
    ["action E and subtype search-type is a search", { action: "E", subtype: [{ code: "search-type" }] }, "search"],
    ["action R with a query is a search", { action: "R", entity: [{ query: "Lg==" }] }, "search"],
    ["no action and subtype search", { subtype: [{ code: "search" }] }, "search"],
    ["action C with a query is a creation", { action: "C", entity: [{ query: "Lg==" }] }, "create"],
    ["no action and subtype patch", { subtype: [{ code: "patch" }] }, "update"],
    ["no action and ISO 21089 destroy", { subtype: lifecycle("destroy") }, "delete"],
    ["R5's code", { code: { coding: [{ code: "vread" }] }, category: [{ coding: [{ code: "rest" }] }] }, "read"],
    ["nothing said", {}, "other"],
  ])("%s", (_, members, operation) => {
    expect(event(members).operation).toBe(operation);
  });
});

test.each([
  ["a subtype verify", { subtype: lifecycle("verify") }, "attest"],
  ["a type attest", { type: lifecycle("attest")[0] }, "attest"],
  ["a subtype transmit", { subtype: lifecycle("transmit") }, "transmit"],
  ["a verify of some other system", { subtype: [{ system: "urn:x", code: "verify" }] }, undefined],
])("the life of the record: %s", (_, members, expected) => {
  expect(event(members).lifecycle).toBe(expected);
});

describe("the time", () => {
  const period = { start: "2026-03-02T08:50:00Z", end: "2026-03-02T08:55:00Z" };
  test.each([
    ["the period's end, and its start", { period }, period.end, period.start],
    ["R5's occurredPeriod", { occurredPeriod: period }, period.end, period.start],
    ["R5's occurredDateTime", { occurredDateTime: period.end }, period.end, period.end],
    ["a period whose end cannot be read falls back to recorded", { period: { end: "12:011:30" } }, recorded, recorded],
  ])("%s", (_, members, end, start) => {
    expect([event(members).at, event(members).startedAt]).toEqual([exactly(end), exactly(start)]);
  });

  test("a recorded without a zone is in the site's", () => {
    expect(event({ recorded: "2026-07-02T09:00:00" }).at).toEqual({ ...exactly("2026-07-02T08:00:00Z"), zoneAssumed: true });
  });

  test("an event about a record or a patient without any time is refused, and names the loops that are blind", () => {
    const members = {
      resourceType: "AuditEvent",
      id: "7",
      meta: { lastUpdated: recorded },
      agent: [grey],
      entity: [report, { what: { reference: "Patient/1" } }],
    };
    expect(refusalOf(members)).toEqual({
      kind: "refused",
      code: "no-time",
      reason: "This AuditEvent does not say when it happened, and nothing else places it.",
      type: "AuditEvent",
      key: "AuditEvent/7",
      names: ["DiagnosticReport/k"],
      patient: "Patient/1",
      eventAt: Date.parse(recorded),
    });
  });

  test.each([
    ["a failed one", { outcome: "8", entity: [report] }],
    ["one about nothing, such as a log-in", { entity: [] }],
  ])("%s is kept without a time: it is evidence of nothing", (_, members) => {
    expect(event({ recorded: "soon", ...members }).at).toBeUndefined();
  });
});

describe("what it is about", () => {
  test.each([
    ["a relative, versioned record", [{ what: { reference: "Task/1/_history/2" } }], [{ key: "Task/1", version: "2" }]],
    [
      "an absolute record with an identifier beside it",
      [{ what: { reference: "https://epr/Task/1", identifier: { system: "u", value: "v" } } }],
      [{ key: "Task/1", also: "u|v" }],
    ],
    ["an absolute type without an id is nothing", [{ what: { reference: "https://epr/Task" } }], []],
    ["an identifier alone", [{ what: { identifier: { system: "u", value: "v" } } }], [{ key: "u|v" }]],
    ["STU3's reference", [{ reference: { reference: "Task/1" } }], [{ key: "Task/1" }]],
    ["STU3's identifier", [{ identifier: { system: "u", value: "v" } }], [{ key: "u|v" }]],
    ["a contained record without an identifier is nothing", [{ what: { reference: "#o1" } }], []],
    [
      "a record in a detail, where there was no better place",
      [{ detail: [{ type: "report", valueString: "DiagnosticReport/k" }] }],
      [{ key: "DiagnosticReport/k" }],
    ],
    ["a record in the name", [{ name: "DiagnosticReport/k" }], [{ key: "DiagnosticReport/k" }]],
    ["words in a detail are nothing", [{ detail: [{ type: "x", valueString: "read and/or Written/whatever it was" }] }], []],
    ["the same record twice", [report, report], [{ key: "DiagnosticReport/k" }]],
  ])("%s", (_, entity, entities) => {
    const contained = [{ resourceType: "OperationOutcome", id: "o1" }];
    expect(event({ contained, entity }).entities).toEqual(entities);
  });
});

describe("whose record it is", () => {
  const patient = { reference: "Patient/1" };
  const query = (text: string) => ({ query: Buffer.from(text).toString("base64") });
  test.each([
    ["an entity of role 1", { entity: [report, { what: patient, role: { code: "1" } }] }, "Patient/1"],
    ["an entity of role 4", { entity: [{ what: patient, role: { code: "4" } }] }, "Patient/1"],
    ["an entity without a role", { entity: [{ what: patient }] }, "Patient/1"],
    [
      "an identifier alone, of role 1",
      {
        entity: [
          {
            what: { identifier: { system: "urn:mrn", value: "7" } },
            role: { system: "http://terminology.hl7.org/CodeSystem/object-role", code: "1" },
          },
        ],
      },
      "urn:mrn|7",
    ],
    [
      "an identifier alone, of type Patient",
      { entity: [{ what: { type: "Patient", identifier: { system: "urn:mrn", value: "7" } } }] },
      "urn:mrn|7",
    ],
    ["a record that is no patient, whatever its role", { entity: [{ what: { reference: "Task/1" }, role: { code: "1" } }] }, undefined],
    ["a patient in an entity's name", { entity: [{ name: "Patient/1" }] }, "Patient/1"],
    [
      "a patient's number in an entity's name, where the mapping knows such numbers",
      { entity: [{ ...report, name: "X123456789" }] },
      "http://fhir.de/sid/gkv/kvid-10|X123456789",
    ],
    ["R5's patient", { patient, entity: [report] }, "Patient/1"],
    ["the patient of a query", { entity: [query("GET https://epr/Observation?subject=Patient/1")] }, "Patient/1"],
    [
      "the subject of a contained record",
      { contained: [{ resourceType: "Observation", id: "o", subject: patient }], entity: [{ what: { reference: "#o" } }] },
      "Patient/1",
    ],
    ["a patient among the agents", { agent: [grey, { who: patient }] }, "Patient/1"],
    ["a relative is not the patient", { agent: [{ who: { reference: "RelatedPerson/2" }, requestor: true }] }, undefined],
    ["an entity goes before a query", { entity: [query("Observation?patient=2"), { what: patient, role: { code: "1" } }] }, "Patient/1"],
    ["a query goes before a number in a name", { entity: [{ name: "X123456789" }, query("Observation?patient=2")] }, "Patient/2"],
    ["nobody", { entity: [report] }, undefined],
  ])("%s", (_, members, expected) => {
    const coded = JSON.parse(
      JSON.stringify(members).replaceAll(`"role":{"code"`, `"role":{"system":"http://terminology.hl7.org/CodeSystem/object-role","code"`),
    ) as object;
    expect(event(coded).patient?.key).toBe(expected);
  });

  test.each([
    ["nothing but the patient is named", [{ what: patient }], true],
    [
      "the patient has the role of a record",
      [{ what: patient, role: { system: "http://hl7.org/fhir/object-role", code: "4" } }, report],
      true,
    ],
    ["the patient only says whose record was read", [{ what: patient }, report], undefined],
    ["the patient stands beside a query", [{ what: patient }, query("Observation?patient=1")], undefined],
  ])("it opens the chart or not: %s", (_, entity, opensChart) => {
    expect(event({ action: "R", entity }).opensChart).toBe(opensChart);
  });
});

test("an event of web analytics is kept, and says nothing that could be a care event", () => {
  const facts = event({
    type: { code: "page-view" },
    entity: [{ name: "/home", detail: [{ type: "url", valueString: "https://epr.example/home" }] }],
  });
  expect({ ...facts, contentHash: "" }).toEqual({
    type: "AuditEvent",
    status: "",
    statusRank: 0,
    contentHash: "",
    recordedAt: Date.parse(recorded),
    at: exactly(recorded),
    startedAt: exactly(recorded),
    success: true,
    operation: "other",
    actor: { kind: "human", ref: { key: "Practitioner/grey" } },
    agentKinds: ["human"],
    entities: [],
    searched: [],
  });
});

test("one without an id is known by its content, whatever the order of its keys", () => {
  const first = normalise({ resourceType: "AuditEvent", recorded, agent: [grey] }, context);
  const second = normalise(
    {
      agent: [{ requestor: true, who: { reference: "Practitioner/grey" } }],
      recorded,
      resourceType: "AuditEvent",
      meta: { versionId: "1" },
    },
    context,
  );
  const key = first.kind === "facts" ? first.key : "";
  expect(key).toMatch(/^AuditEvent\/sha256-[0-9a-f]{32}$/);
  expect(second).toMatchObject({ kind: "facts", key, facts: { versionId: "1" } });
});
