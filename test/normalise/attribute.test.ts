import { describe, expect, test } from "vitest";
import { at, exactly, factsOf } from "./normalise-example.ts";

const nhs = "https://fhir.nhs.uk/Id/nhs-number";

test("an Encounter says its class, its history of classes, its period and whose it is", () => {
  const facts = factsOf("Encounter", {
    status: "finished",
    class: { code: "IMP" },
    classHistory: [{ class: { code: "EMER" }, period: { start: "2026-03-01T09:00:00Z", end: "2026-03-01T12:00:00Z" } }, { period: {} }],
    subject: { reference: "Patient/1" },
    period: { start: "2026-03-01T09:00:00Z", end: "2026-03-05" },
    serviceProvider: { reference: "Organization/o" },
  });
  expect(facts).toEqual({
    type: "Encounter",
    status: "finished",
    statusRank: 10,
    contentHash: facts.contentHash,
    patient: { key: "Patient/1" },
    classCode: "IMP",
    classHistory: [{ code: "EMER", from: at("2026-03-01T09:00:00Z"), to: at("2026-03-01T12:00:00Z") }],
    start: exactly("2026-03-01T09:00:00Z"),
    end: { at: at("2026-03-05T00:00:00Z"), end: at("2026-03-06T00:00:00Z"), precision: "day", zoneAssumed: true },
    serviceProvider: { key: "Organization/o" },
  });
});

test("R5's Encounter has a list of classes and an actual period", () => {
  const facts = factsOf("Encounter", { class: [{ coding: [{ code: "AMB" }] }], actualPeriod: { start: "2026-03-01T09:00:00Z" } });
  expect([facts.classCode, facts.start]).toEqual(["AMB", exactly("2026-03-01T09:00:00Z")]);
});

test("a Patient says the banner name, identifiers, links that join, birth and death", () => {
  const facts = factsOf("Patient", {
    name: [
      { use: "old", family: "Jones" },
      { use: "official", family: "Smith", given: ["Anna", "Mary"], prefix: ["Mrs"] },
    ],
    identifier: [{ system: nhs, value: "943 476 5919" }, { system: "urn:mrn", value: "7", use: "usual" }, { value: "no system" }],
    link: [
      { type: "replaced-by", other: { reference: "Patient/2" } },
      { type: "seealso", other: { reference: "Patient/3" } },
    ],
    birthDate: "1950-02",
    deceasedDateTime: "2026-03-01T09:00:00Z",
  });
  expect(facts).toEqual({
    type: "Patient",
    status: "",
    statusRank: 0,
    contentHash: facts.contentHash,
    name: "SMITH, Anna (Mrs)",
    identifiers: [
      { key: `${nhs}|9434765919`, system: nhs, value: "9434765919", usable: true, joins: true },
      { key: "urn:mrn|7", system: "urn:mrn", value: "7", usable: true, joins: false },
    ],
    links: [{ key: "Patient/2" }],
    birthDate: { at: at("1950-02-01T00:00:00Z"), end: at("1950-03-01T00:00:00Z"), precision: "month", zoneAssumed: true },
    deceasedAt: exactly("2026-03-01T09:00:00Z"),
  });
});

describe("an identifier joins people", () => {
  const joins = (identifier: object) => factsOf("Practitioner", { identifier }).identifiers?.map((each) => [each.usable, each.joins]);
  test.each([
    ["where its system names one person", { system: "https://fhir.hl7.org.uk/Id/gmc-number", value: "1234567" }, true, true],
    ["where its check digit is right", { system: nhs, value: "9434765919" }, true, true],
    ["not where its check digit is wrong", { system: nhs, value: "9434765918" }, true, false],
    ["not where its check digit would be ten", { system: nhs, value: "1000000010" }, true, false],
    ["not where it is old", { system: nhs, value: "9434765919", use: "old" }, false, false],
    ["not where it is for a time", { system: nhs, value: "9434765919", use: "temp" }, false, false],
    ["not where its system is not listed", { system: "urn:mrn", value: "1" }, true, false],
  ])("%s", (_, identifier, usable, joined) => {
    expect(joins(identifier)).toEqual([[usable, joined]]);
  });
});

test.each([
  ["deceasedBoolean alone", { deceasedBoolean: true }, true],
  ["a time of death that cannot be read still says that the patient died", { deceasedDateTime: "in March" }, true],
  ["not deceased", { deceasedBoolean: false }, undefined],
])("death without a time: %s", (_, members, deceased) => {
  const facts = factsOf("Patient", members);
  expect([facts.deceased, facts.deceasedAt]).toEqual([deceased, undefined]);
});

test("a PractitionerRole names its practitioner and organisation", () => {
  const facts = factsOf("PractitionerRole", {
    practitioner: { reference: "Practitioner/p" },
    organization: { reference: "Organization/o" },
    code: [{ text: "Renal registrar" }],
  });
  expect(facts).toEqual({
    type: "PractitionerRole",
    status: "",
    statusRank: 0,
    contentHash: facts.contentHash,
    links: [],
    practitioner: { key: "Practitioner/p" },
    organization: { key: "Organization/o" },
    name: "Renal registrar",
  });
});

test("parties carry a name to show, what they are linked with, and whose they are", () => {
  expect(factsOf("Organization", { name: "Renal Unit" }).name).toBe("Renal Unit");
  expect(factsOf("Person", { name: [{ family: "Grey" }], link: [{ target: { reference: "Practitioner/p" } }] })).toMatchObject({
    name: "GREY",
    links: [{ key: "Practitioner/p" }],
  });
  expect(factsOf("RelatedPerson", { patient: { reference: "Patient/1" } }).patient).toEqual({ key: "Patient/1" });
  expect(factsOf("HealthcareService", { providedBy: { reference: "Organization/o" } }).organization).toEqual({ key: "Organization/o" });
});
