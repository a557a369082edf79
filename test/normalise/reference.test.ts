import { describe, expect, test } from "vitest";
import { readReference, readReferences } from "../../src/normalise/reference.ts";
import type { Resource } from "../../src/normalise/resource.ts";
import { context } from "./normalise-example.ts";

const task: Resource = {
  json: {},
  type: "Task",
  key: "Task/t",
  contentHash: "",
  context,
  contained: [
    { resourceType: "Practitioner", id: "plain" },
    { resourceType: "Person", id: "person" },
    { resourceType: "Practitioner", id: "numbered", identifier: [{ value: "bare" }, { system: "urn:gmc", value: "7" }] },
    { resourceType: "PractitionerRole", id: "role", practitioner: { reference: "Practitioner/p" } },
    { resourceType: "ServiceRequest", id: "unnamed" },
    { resourceType: "ServiceRequest", id: "#named", identifier: { system: "urn:orders", value: "9" } },
    { resourceType: "Observation", id: "o" },
  ],
};

describe("a reference names one thing", () => {
  test.each([
    ["relative", "Patient/1", { key: "Patient/1" }],
    ["with a slash before it", "/Patient/1", { key: "Patient/1" }],
    ["versioned", "Patient/1/_history/3", { key: "Patient/1", version: "3" }],
    ["absolute, own base or not", "https://epr.example/fhir/r4/Patient/1", { key: "Patient/1" }],
    ["absolute and versioned", "https://epr.example/fhir/Patient/1/_history/2", { key: "Patient/1", version: "2" }],
    [
      "under a base that is configured as foreign",
      "https://Elsewhere.example/fhir/Patient/1",
      { key: "https://Elsewhere.example/fhir/Patient/1" },
    ],
    [
      "foreign and versioned",
      "https://elsewhere.example/fhir/Patient/1/_history/2",
      { key: "https://elsewhere.example/fhir/Patient/1", version: "2" },
    ],
    ["under a base that only begins like a foreign one", "https://elsewhere.example/fhir2/Patient/1", { key: "Patient/1" }],
    ["absolute, of a type and no id", "https://epr.example/fhir/Patient", undefined],
    ["a type alone", "Patient", undefined],
    ["a UUID as a URN", "urn:uuid:0C1F-A", { key: "urn:uuid:0c1f-a" }],
    ["a bare UUID", "a044507a-0d00-0000-0002-000000000000", undefined],
    ["a type written twice", "ServiceRequest/ServiceRequest/x", { key: "ServiceRequest/x" }],
    ["with white space around it", " Patient/1 ", { key: "Patient/1" }],
    ["conditional", "Practitioner?identifier=http://npi|99", { key: "http://npi|99" }],
    ["conditional, encoded", "Practitioner?identifier=http%3A%2F%2Fnpi%7C99", { key: "http://npi|99" }],
    ["conditional without a system", "Practitioner?identifier=99", undefined],
    ["conditional on something else", "Practitioner?name=x", undefined],
    ["an operation", "Task/160/$accept?ac=1", undefined],
    ["contained, a practitioner", "#plain", { key: "Task/t#plain" }],
    ["contained, a person", "#person", { key: "Task/t#person" }],
    ["contained, a person with an identifier", "#numbered", { key: "Task/t#numbered", also: "urn:gmc|7" }],
    ["contained, a role of a practitioner", "#role", { key: "Task/t#role", also: "Practitioner/p" }],
    ["contained, neither a person nor with an identifier", "#unnamed", undefined],
    ["contained, its id written with the hash", "#named", { key: "Task/t#named", also: "urn:orders|9" }],
    ["contained, an observation", "#o", { key: "Task/t#o" }],
    ["contained, and not there", "#missing", undefined],
    ["the container itself", "#", { key: "Task/t" }],
  ])("%s", (_, reference, expected) => {
    expect(readReference(task, { reference })).toEqual(expected);
    expect(readReference(task, reference)).toEqual(expected);
  });

  test.each([
    ["an identifier alone", { identifier: { system: " urn:mrn ", value: " 7 " } }, { key: "urn:mrn|7" }],
    ["an identifier without a system names nothing", { identifier: { value: "7" } }, undefined],
    [
      "an NHS number is one number with and without spaces",
      { identifier: { system: "https://fhir.nhs.uk/Id/nhs-number", value: "943 476 5919" } },
      { key: "https://fhir.nhs.uk/Id/nhs-number|9434765919" },
    ],
    [
      "a reference and an identifier side by side",
      { reference: "Patient/1", identifier: { system: "urn:mrn", value: "7" } },
      { key: "Patient/1", also: "urn:mrn|7" },
    ],
    [
      "a reference that says nothing beside an identifier",
      { reference: "Patient", identifier: { system: "urn:mrn", value: "7" } },
      { key: "urn:mrn|7" },
    ],
    ["a display names nothing", { display: "Dr Grey" }, undefined],
    ["nothing at all", {}, undefined],
    ["a number", 7, undefined],
  ])("%s", (_, reference, expected) => {
    expect(readReference(task, reference)).toEqual(expected);
  });
});

test("an object stands where a list belongs, and R5's reference within its CodeableReference", () => {
  const named = readReferences(
    task,
    { reference: "ServiceRequest/1" },
    [{ reference: { reference: "Observation/2" } }, { concept: {} }, null],
    undefined,
  );
  expect(named).toEqual([{ key: "ServiceRequest/1" }, { key: "Observation/2" }]);
});

test("a thing named twice is named once", () => {
  expect(readReferences(task, [{ reference: "Task/1" }, { reference: "https://epr.example/Task/1" }])).toEqual([{ key: "Task/1" }]);
});
