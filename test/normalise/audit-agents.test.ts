import { describe, expect, test } from "vitest";
import { factsOf } from "./normalise-example.ts";

const who = (agent: object[]) => {
  const { actor, agentKinds } = factsOf("AuditEvent", { recorded: "2026-03-02T09:00:00Z", agent });
  return { kind: actor.kind, ref: actor.ref, kinds: agentKinds.join(" ") };
};
const dicom = (code: string) => ({ coding: [{ system: "http://dicom.nema.org/resources/ontology/DCM", code }] });
const machine = { type: dicom("110153"), who: { display: "epr.example.org" }, requestor: false };
const humanUser = { coding: [{ system: "http://terminology.hl7.org/CodeSystem/extra-security-role-type", code: "humanuser" }] };
const grey = { who: { reference: "Practitioner/grey" } };

describe("the acting person", () => {
  test.each([
    ["is the requestor, not the machine that comes first", [machine, { ...grey, requestor: true }], "human", "Practitioner/grey"],
    ["is not a machine that calls itself the requestor", [{ ...machine, requestor: true }, grey], "human", "Practitioner/grey"],
    [
      "is, without a requestor, the agent whose type says human",
      [grey, { type: humanUser, who: { identifier: { system: "u", value: "7" } } }],
      "human",
      "u|7",
    ],
    ["is, without a requestor, the agent whose role says human", [machine, { role: [humanUser], altId: "7" }], "human", "altId|7"],
    [
      "is else the first practitioner, role or person",
      [machine, { who: { reference: "PractitionerRole/r" } }, grey],
      "human",
      "PractitionerRole/r",
    ],
    [
      "of two requestors is the person by resource, not the application known by an identifier",
      [
        { who: { identifier: { system: "asid", value: "1" } }, requestor: true },
        { ...grey, requestor: true },
      ],
      "human",
      "Practitioner/grey",
    ],
    [
      "may be the patient, who reads the own record",
      [machine, { who: { reference: "Patient/1" }, requestor: true }, grey],
      "patient",
      "Patient/1",
    ],
    ["may be a relative", [{ who: { reference: "RelatedPerson/1" }, requestor: true }], "patient", "RelatedPerson/1"],
    ["is nobody where only machines act", [machine, { type: dicom("110152"), who: { reference: "Device/d" } }], "machine", undefined],
    ["is nobody where a team acts", [{ who: { reference: "Organization/o" }, requestor: true }], "team", "Organization/o"],
    ["is nobody where nothing says", [{ who: {} }, { requestor: true }], "unidentified", undefined],
    ["is nobody without agents", [], "unidentified", undefined],
  ])("%s", (_, agent, kind, key) => {
    const found = who(agent);
    expect([found.kind, found.ref?.key]).toEqual([kind, key]);
  });
});

describe("a requestor is known by", () => {
  test.each([
    ["an identifier", { who: { identifier: { system: "u", value: "7" } } }, "human", { key: "u|7" }],
    ["an identifier without a system, which names nobody", { who: { identifier: { value: "95" } } }, "human", undefined],
    ["an altId, which names a person among altIds", { altId: "601" }, "human", { key: "altId|601" }],
    [
      "an identifier and an altId",
      { who: { identifier: { system: "u", value: "7" } }, altId: "601" },
      "human",
      { key: "u|7", also: "altId|601" },
    ],
    [
      "a reference and an altId",
      { who: { reference: "Practitioner/g" }, altId: "601" },
      "human",
      { key: "Practitioner/g", also: "altId|601" },
    ],
    ["a name alone, which names nobody", { name: "Meredith Grey" }, "human", undefined],
    ["a display alone, which names nobody", { who: { display: "Meredith Grey" } }, "human", undefined],
    ["STU3's userId", { userId: { system: "u", value: "7" } }, "human", { key: "u|7" }],
    [
      "STU3's reference",
      { reference: { reference: "Practitioner/g" }, userId: { system: "u", value: "7" } },
      "human",
      { key: "Practitioner/g", also: "u|7" },
    ],
    ["a contained practitioner", { who: { reference: "#p" } }, "human", { key: "AuditEvent/x#p", also: "u|9" }],
    [
      "the type of a reference by identifier",
      { who: { type: "Organization", identifier: { system: "u", value: "7" } } },
      "team",
      { key: "u|7" },
    ],
    [
      "an identifier of organisations",
      { who: { identifier: { system: "https://fhir.nhs.uk/Id/ods-organization-code", value: "RJ1" } } },
      "team",
      { key: "https://fhir.nhs.uk/Id/ods-organization-code|RJ1" },
    ],
    [
      "a name that is configured as a machine",
      { who: { reference: "Practitioner/svc", display: "integration engine" } },
      "machine",
      { key: "Practitioner/svc" },
    ],
    ["an application by its type", { type: dicom("110150"), name: "PACS" }, "machine", undefined],
    [
      "a practitioner, whatever the type of the agent",
      { type: dicom("110153"), who: { reference: "Practitioner/g" } },
      "human",
      { key: "Practitioner/g" },
    ],
    ["a type that says human and nothing else", { type: humanUser }, "human", undefined],
  ])("%s", (_, agent, kind, ref) => {
    const contained = [{ resourceType: "Practitioner", id: "p", identifier: [{ system: "u", value: "9" }] }];
    const facts = factsOf("AuditEvent", { contained, recorded: "2026-03-02T09:00:00Z", agent: [{ requestor: true, ...agent }] });
    expect(facts.actor).toEqual(ref === undefined ? { kind } : { kind, ref });
  });
});

test("the kinds among the agents are all there, each once", () => {
  expect(who([machine, grey, { ...machine }, { who: { reference: "Patient/1" } }, { name: "somebody" }]).kinds).toBe(
    "machine human patient unidentified",
  );
});
