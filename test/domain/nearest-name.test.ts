import { expect, test } from "vitest";
import { didYouMean, nearestName } from "../../src/domain/nearest-name.ts";

const names = ["AuditEvent", "Task", "DiagnosticReport", "timeZone"];

test.each([
  ["AuditEvents", "AuditEvent"],
  ["auditevent", "AuditEvent"],
  ["AuidtEvent", "AuditEvent"],
  ["Taks", "Task"],
  ["time-zone", "timeZone"],
])("%s was probably meant to be %s", (word, name) => {
  expect(nearestName(word, names)).toBe(name);
});

test("nothing is suggested where no name is near", () => {
  expect([nearestName("Xyz", names), nearestName("", names), didYouMean("Medication", names)]).toEqual([undefined, undefined, ""]);
});
