import { describe, expect, test } from "vitest";
import { exactly, factsOf } from "./normalise-example.ts";

const observation = (members: object) => factsOf("Observation", { status: "final", ...members });
const reading = (members: object) => observation(members).readings[0];
const loinc = (code: string, display?: string) => ({
  coding: [{ system: "http://loinc.org", code, ...(display === undefined ? {} : { display }) }],
});

test("an observation says its own reading first, then its components'", () => {
  const facts = observation({
    category: [{ coding: [{ code: "laboratory" }] }],
    code: loinc("2823-3", "Potassium"),
    subject: { reference: "Patient/1" },
    basedOn: [{ reference: "ServiceRequest/s" }],
    effectiveDateTime: "2026-03-02T07:00:00Z",
    issued: "2026-03-02T09:00:00Z",
    valueQuantity: { value: 7.1, unit: "mmol/L", system: "http://unitsofmeasure.org", code: "mmol/L" },
    interpretation: [{ coding: [{ code: "HH" }, { system: "urn:local", code: "Crit" }] }],
    referenceRange: [{ low: { value: 3.5, unit: "mmol/L" }, high: { value: 5.3, unit: "mmol/L" } }],
    component: [{ code: loinc("1"), valueString: "haemolysed" }],
    hasMember: [{ reference: "Observation/m" }],
  });
  expect(facts).toEqual({
    type: "Observation",
    status: "final",
    statusRank: 8,
    contentHash: facts.contentHash,
    recordedAt: Date.parse("2026-03-02T09:00:00Z"),
    patient: { key: "Patient/1" },
    categories: ["laboratory"],
    readings: [
      {
        code: { codings: [{ system: "http://loinc.org", code: "2823-3" }], text: "Potassium" },
        value: { value: 7.1, unit: "mmol/L" },
        interpretations: ["HH", "Crit"],
        ranges: [{ low: { value: 3.5, unit: "mmol/L" }, high: { value: 5.3, unit: "mmol/L" } }],
        display: "7.1 mmol/L",
      },
      { code: { codings: [{ system: "http://loinc.org", code: "1" }] }, interpretations: [], ranges: [], display: "haemolysed" },
    ],
    members: [{ key: "Observation/m" }],
    basedOn: [{ key: "ServiceRequest/s" }],
    effective: exactly("2026-03-02T07:00:00Z"),
    issued: exactly("2026-03-02T09:00:00Z"),
  });
});

describe("the value", () => {
  test.each([
    [
      "with a comparator",
      { valueQuantity: { value: 25, comparator: ">", unit: "mmol/L" } },
      { value: 25, comparator: ">", unit: "mmol/L" },
      "> 25 mmol/L",
    ],
    [
      "with a comparator that bounds nothing is no value",
      { valueQuantity: { value: 25, comparator: "ad", unit: "mmol/L" } },
      undefined,
      "ad 25 mmol/L",
    ],
    [
      "takes the UCUM code, and shows the unit",
      { valueQuantity: { value: 4, unit: "Grams", system: "http://unitsofmeasure.org", code: "g" } },
      { value: 4, unit: "g" },
      "4 Grams",
    ],
    [
      "takes the unit where the code is not UCUM's",
      { valueQuantity: { value: 4, unit: "tablets", system: "urn:local", code: "TAB" } },
      { value: 4, unit: "tablets" },
      "4 tablets",
    ],
    ["shows no unit one", { valueQuantity: { value: 1.2, code: "1" } }, { value: 1.2, unit: "1" }, "1.2"],
    ["written as a text", { valueQuantity: { value: "7.1" } }, { value: 7.1 }, "7.1"],
    ["an integer", { valueInteger: 3 }, { value: 3 }, "3"],
    ["a code", { valueCodeableConcept: { coding: [{ code: "POS", display: "positive" }] } }, undefined, "positive"],
    ["a text", { valueString: "growth of E. coli" }, undefined, "growth of E. coli"],
    ["yes or no", { valueBoolean: false }, undefined, "no"],
    ["a range", { valueRange: { low: { value: 1, unit: "m" }, high: { value: 2, unit: "m" } } }, undefined, "1 m to 2 m"],
    ["nothing", { dataAbsentReason: {} }, undefined, undefined],
  ])("%s", (_, members, value, display) => {
    expect([reading(members)?.value, reading(members)?.display]).toEqual([value, display]);
  });
});

test("ranges are normal ones only: those that say so, and those that do not say what they are", () => {
  const of = (code: string) => ({ coding: [{ code }] });
  const referenceRange = [
    { low: { value: 1 } },
    { low: { value: 2 }, type: of("normal") },
    { low: { value: 3 }, type: of("therapeutic") },
    { text: "see below" },
  ];
  expect(reading({ referenceRange })?.ranges).toEqual([{ low: { value: 1 } }, { low: { value: 2 } }]);
});

describe("the category", () => {
  const coded = (code: string) => [{ coding: [{ code }] }];
  test.each([
    ["laboratory", coded("laboratory"), ["laboratory"]],
    ["imaging and procedure", [...coded("imaging"), ...coded("procedure")], ["imaging", "procedure"]],
    ["vital signs", coded("vital-signs"), ["vital-signs"]],
    ["an examination is known, and another", coded("exam"), ["other"]],
    ["a code that nobody knows is no category", coded("local-7"), []],
    ["none", undefined, []],
  ])("%s", (_, category, expected) => {
    expect(observation({ category }).categories).toEqual(expected);
  });
});

test("STU3's one interpretation and its related members", () => {
  const facts = observation({
    interpretation: { coding: [{ code: "L" }] },
    related: [
      { type: "has-member", target: { reference: "Observation/m" } },
      { type: "replaces", target: { reference: "Observation/o" } },
    ],
  });
  expect([facts.readings[0]?.interpretations, facts.members]).toEqual([["L"], [{ key: "Observation/m" }]]);
});

test("members inside the observation are read with it, unless they are void", () => {
  const contained = [
    { resourceType: "Observation", id: "a", valueInteger: 1 },
    { resourceType: "Observation", id: "b", valueInteger: 2, status: "entered-in-error" },
  ];
  const facts = observation({ contained, hasMember: [{ reference: "#a" }, { reference: "#b" }] });
  expect(facts.readings.map(({ value }) => value?.value)).toEqual([undefined, 1]);
});

test.each([
  ["entered-in-error", true],
  ["cancelled", true],
  ["final", undefined],
])("an observation %s is void or not", (status, voided) => {
  expect(observation({ status }).voided).toBe(voided);
});

test("an effective period counts from its start; an observation without any time is kept, for it only carries attributes", () => {
  expect(observation({ effectivePeriod: { start: "2026-03-02T07:00:00Z", end: "2026-03-02T08:00:00Z" } }).effective).toEqual(
    exactly("2026-03-02T07:00:00Z"),
  );
  expect(observation({}).effective).toBeUndefined();
});
