import { describe, expect, test } from "vitest";
import { exactly, factsOf, refusalOf } from "./normalise-example.ts";

const recorded = "2026-03-02T09:00:00Z";
const target = [{ reference: "DiagnosticReport/k/_history/2" }];
const provenance = (members: object) => factsOf("Provenance", { recorded, target, ...members });
const typed = (code: string) => ({ coding: [{ system: "http://terminology.hl7.org/CodeSystem/provenance-participant-type", code }] });
const grey = { who: { reference: "Practitioner/grey" } };

test("a Provenance says who did what to which versions, and when", () => {
  const facts = provenance({
    activity: typed("verify"),
    agent: [grey, { who: { reference: "Device/d" } }],
    occurredPeriod: { start: "2026-03-02T08:00:00Z", end: "2026-03-02T08:30:00Z" },
  });
  expect(facts).toEqual({
    type: "Provenance",
    status: "",
    statusRank: 0,
    contentHash: facts.contentHash,
    recordedAt: Date.parse(recorded),
    at: exactly("2026-03-02T08:30:00Z"),
    targets: [{ key: "DiagnosticReport/k", version: "2" }],
    attests: true,
    actor: { kind: "human", ref: { key: "Practitioner/grey" } },
    agentKinds: ["human", "machine"],
  });
});

describe("it attests by", () => {
  test.each([
    ["activity verify", { activity: typed("verify") }, true],
    ["activity attest, which STU3 writes as a Coding", { activity: { system: "urn:x", code: "attest" } }, true],
    ["an agent typed verifier", { agent: [{ type: typed("verifier"), ...grey }] }, true],
    ["an agent whose role is verifier", { agent: [{ role: [typed("verifier")], ...grey }] }, true],
    ["no authorship", { activity: typed("create"), agent: [{ type: typed("author"), ...grey }] }, false],
    ["nothing that is unsaid", {}, false],
  ])("%s", (_, members, attests) => {
    expect(provenance(members).attests).toBe(attests);
  });
});

describe("who acted", () => {
  test.each([
    [
      "is who verified, not who assembled",
      [
        { type: typed("assembler"), who: { reference: "Practitioner/a" } },
        { type: typed("verifier"), ...grey },
      ],
      "human",
      "Practitioner/grey",
    ],
    [
      "is a machine that verified, whoever wrote",
      [
        { type: typed("author"), ...grey },
        { type: typed("verifier"), who: { reference: "Device/d" } },
      ],
      "machine",
      "Device/d",
    ],
    ["is a person before a machine", [{ who: { reference: "Device/d" } }, grey], "human", "Practitioner/grey"],
    ["is a person known by more than a display", [{ who: { display: "Dr Grey" } }, grey], "human", "Practitioner/grey"],
    ["is whom STU3 calls whoReference", [{ whoReference: { reference: "Practitioner/grey" } }], "human", "Practitioner/grey"],
    ["is whom STU3 calls whoUri", [{ whoUri: "Practitioner/grey" }], "human", "Practitioner/grey"],
    ["is nobody where nobody is named", [{ type: typed("verifier") }], "unidentified", undefined],
  ])("%s", (_, agent, kind, key) => {
    const { actor } = provenance({ agent });
    expect([actor.kind, actor.ref?.key]).toEqual([kind, key]);
  });
});

test("one without an id is known by its content; one that attests without any time is refused", () => {
  expect(refusalOf({ resourceType: "Provenance", target, activity: typed("verify") })).toMatchObject({
    code: "no-time",
    key: expect.stringMatching(/^Provenance\/sha256-[0-9a-f]{32}$/) as string,
    names: ["DiagnosticReport/k"],
  });
  expect(provenance({ recorded: undefined, activity: typed("create") }).at).toBeUndefined();
});
