import { expect, test } from "vitest";
import { agreesWithShape, versionByShape } from "../../src/normalise/shape-version.ts";

const agent = { agent: [{ who: { reference: "Practitioner/a" } }] };

test.each([
  [{ resourceType: "AuditEvent", type: { code: "rest" }, ...agent }, "R4"],
  [{ resourceType: "AuditEvent", code: { text: "read" }, ...agent }, "R5"],
  [{ resourceType: "AuditEvent", type: { code: "rest" }, agent: [{ userId: { value: "a" } }] }, "STU3"],
  [{ resourceType: "AuditEvent", event: { type: {} }, participant: [] }, "DSTU2"],
  [{ resourceType: "Encounter", class: [{ text: "inpatient" }] }, "R5"],
  [{ resourceType: "Encounter", class: { code: "IMP" } }, undefined],
  [{ resourceType: "Task", requestedPerformer: [] }, "R5"],
  [{ resourceType: "Task", requester: { agent: { reference: "Practitioner/a" } } }, "STU3"],
  [{ resourceType: "Task", requester: { reference: "Practitioner/a" } }, undefined],
  [{ resourceType: "Observation", context: { reference: "Encounter/e" } }, "STU3"],
  [{ resourceType: "MedicationRequest", medication: { concept: {} } }, "R5"],
  [{ resourceType: "Patient", id: "p" }, undefined],
  ["no resource", undefined],
])("the shape of %j tells %s", (resource, version) => {
  expect(versionByShape(resource)).toBe(version);
});

test("R4 and R4B look the same, and what tells nothing agrees with everything", () => {
  expect([agreesWithShape("R4B", "R4"), agreesWithShape("R4", "R5"), agreesWithShape("R5", undefined)]).toEqual([true, false, true]);
});
