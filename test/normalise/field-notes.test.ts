import { describe, expect, test } from "vitest";
import { normalise } from "../../src/normalise/normalise.ts";
import { expectNamedTest, readNamedTests } from "../house-rules/named-tests.ts";
import { context, factsOf } from "./normalise-example.ts";

const rows = readNamedTests("test/normalise/README.md");

describe("the table of what real servers write", () => {
  test.each(rows.map((row) => [row[0] ?? "", row] as const))("%s: its test is there", (_, row) => expectNamedTest(row));

  test("has a row for each", () => {
    expect(rows.length).toBeGreaterThanOrEqual(35);
  });
});

const human = { reference: "Practitioner/human" };
const agent = (more: object): object => ({ who: human, ...more });
const event = (more: object) => factsOf("AuditEvent", { recorded: "2026-03-02T09:00:00Z", agent: [agent({ requestor: true })], ...more });

describe("what real AuditEvents look like, each of our own making", () => {
  test.each([
    ["the machine first, as in BALP", [{ who: { reference: "Device/epr" }, requestor: false }, agent({ requestor: true })]],
    ["no requestor at all", [{ who: { reference: "Device/epr" } }, agent({})]],
    [
      "two requestors, an application and its user",
      [
        {
          who: { display: "Spine" },
          type: { coding: [{ system: "http://dicom.nema.org/resources/ontology/DCM", code: "110150" }] },
          requestor: true,
        },
        agent({ requestor: true }),
      ],
    ],
    ["an agent whose who is {}", [{ who: {}, requestor: false }, agent({ requestor: true })]],
  ])("%s: the person acts", (_, agents) => {
    expect(event({ agent: agents }).actor).toMatchObject({ kind: "human", ref: { key: "Practitioner/human" } });
  });

  test.each([
    ["a display", { who: { display: "Dr A" } }, { kind: "human" }],
    ["an identifier", { who: { identifier: { system: "urn:x", value: "7" } } }, { kind: "human", ref: { key: "urn:x|7" } }],
    ["an altId", { altId: "a7" }, { kind: "human", ref: { key: "altId|a7" } }],
    ["nothing", { who: {} }, { kind: "unidentified" }],
    ["no who", {}, { kind: "unidentified" }],
  ])("a requestor known by %s", (_, who, actor) => {
    expect(event({ agent: [{ ...who, requestor: true }] }).actor).toEqual(actor);
  });

  test("no outcome is success, no subtype and no action leave the operation to the other; E and R with a query are searches", () => {
    expect([event({}).success, event({ outcome: "8" }).success]).toEqual([true, false]);
    expect(event({ subtype: [{ code: "read" }] }).operation).toBe("read");
    expect(event({ action: "R" }).operation).toBe("read");
    const entity = [{ query: Buffer.from("DiagnosticReport?patient=1").toString("base64") }];
    expect([event({ action: "E", entity }), event({ action: "R", entity })].map(({ operation }) => operation)).toEqual([
      "search",
      "search",
    ]);
  });

  test.each([
    ["role 1", { what: { reference: "Patient/p" }, role: { system: "http://terminology.hl7.org/CodeSystem/object-role", code: "1" } }],
    ["role 4", { what: { reference: "Patient/p" }, role: { system: "http://terminology.hl7.org/CodeSystem/object-role", code: "4" } }],
    ["no role", { what: { reference: "Patient/p" } }],
    ["its name", { name: "Patient/p" }],
    ["an absolute, versioned reference", { what: { reference: "https://epr.example/fhir/Patient/p/_history/3" } }],
  ])("the patient is an entity by %s", (_, entity) => {
    expect(event({ entity: [entity] }).patient).toEqual(expect.objectContaining({ key: "Patient/p" }));
  });

  test("the patient is an identifier alone, an agent, R5's patient, or nowhere", () => {
    const role = { system: "http://terminology.hl7.org/CodeSystem/object-role", code: "1" };
    const byIdentifier = event({ entity: [{ what: { identifier: { system: "urn:n", value: "1" } }, role }] });
    expect(byIdentifier.patient?.key).toBe("urn:n|1");
    expect(event({ agent: [{ who: { reference: "Patient/p" }, requestor: true }] }).patient?.key).toBe("Patient/p");
    expect(event({ patient: { reference: "Patient/p" } }).patient?.key).toBe("Patient/p");
    expect(event({}).patient).toBeUndefined();
  });

  test("an entity is contained, type-level with no id, or a query alone: it names what it can, and never something else", () => {
    const contained = [{ resourceType: "DiagnosticReport", id: "r", subject: { reference: "Patient/p" } }];
    expect(event({ contained, entity: [{ what: { reference: "#r" } }] }).patient?.key).toBe("Patient/p");
    expect(event({ entity: [{ what: { reference: "https://epr.example/fhir/DiagnosticReport" } }] }).patient).toBeUndefined();
  });

  test("a recorded without a zone is in the site's; an event about a record that says no time at all is refused", () => {
    expect(event({ recorded: "2026-07-02T09:00:00" }).at?.at).toBe(Date.parse("2026-07-02T08:00:00Z"));
    const untimed = { resourceType: "AuditEvent", id: "u", entity: [{ what: { reference: "Patient/p" } }] };
    expect(normalise(untimed, context)).toMatchObject({ kind: "refused", code: "no-time" });
  });
});

describe("what real Tasks look like, each of our own making", () => {
  const task = (more: object) =>
    factsOf("Task", { status: "completed", intent: "order", meta: { lastUpdated: "2026-03-02T09:00:00Z" }, ...more });

  test("a due date is a day, to its end in the site's zone", () => {
    const { due } = task({ restriction: { period: { end: "2026-06-21" } } });
    expect([due?.precision, due?.end]).toEqual(["day", Date.parse("2026-06-21T23:00:00Z")]);
  });

  test("a completed one without executionPeriod, lastModified and owner is placed by its lastUpdated, and is nobody's", () => {
    const bare = task({});
    expect([bare.executionEnd, bare.lastModified, bare.owner, bare.lastUpdated]).toEqual([
      undefined,
      undefined,
      undefined,
      Date.parse("2026-03-02T09:00:00Z"),
    ]);
  });

  test("whom it is for may be an identifier", () => {
    expect(task({ for: { identifier: { system: "urn:n", value: "1" } } }).patient?.key).toBe("urn:n|1");
  });

  test("in the wild: basedOn as an object, a numeric id, a key with a space at its end, a doubled type, a bare UUID, a time that is none", () => {
    const wild = {
      resourceType: "Task",
      id: 12,
      status: "completed",
      intent: "order",
      meta: { lastUpdated: "2026-03-02T09:00:00Z" },
      basedOn: { reference: "ServiceRequest/ServiceRequest/s" },
      "businessStatus ": { text: "done" },
      focus: { reference: "8f14e45f-ceea-467f-9575-1d1e0f5c2a11" },
      lastModified: "12:011:30",
    };
    const said = normalise(wild, context);
    expect(said).toMatchObject({ kind: "facts", key: "Task/12", facts: { basedOn: [{ key: "ServiceRequest/s" }] } });
    expect(said.kind === "facts" && said.facts.type === "Task" && said.facts.lastModified).toBeUndefined();
  });

  test("278 KB of contained resources in one are read like any other", () => {
    const contained = Array.from({ length: 300 }, (_, place) => ({
      resourceType: "Observation",
      id: `o${place}`,
      note: [{ text: "x".repeat(900) }],
    }));
    const big = task({ contained, focus: { reference: "DiagnosticReport/r" } });
    expect([JSON.stringify(contained).length > 278_000, big.focus?.key]).toEqual([true, "DiagnosticReport/r"]);
  });
});
