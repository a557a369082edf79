import { describe, expect, test } from "vitest";
import { factsOf } from "./normalise-example.ts";

function searchOf(query: unknown) {
  const { searched, patient, operation } = factsOf("AuditEvent", { recorded: "2026-03-02T09:00:00Z", action: "E", entity: [{ query }] });
  return [operation, searched.join(" "), patient?.key];
}
const packed = (text: string) => Buffer.from(text).toString("base64");

describe("a search audited by its text says what was searched, and for whom", () => {
  test.each([
    ["a request line", "GET epr.example/r4/Observation?patient=p1&_count=5", "Observation", "Patient/p1"],
    ["a URL", "https://epr.example/open/DiagnosticReport?subject=Patient/p1", "DiagnosticReport", "Patient/p1"],
    ["a path", "DiagnosticReport?subject:Patient=p1", "DiagnosticReport", "Patient/p1"],
    [
      "a POST",
      "POST /r4/Observation/_search HTTP/1.1\r\nHost: epr.example\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\npatient=p1&_count=5",
      "Observation",
      "Patient/p1",
    ],
    ["a patient by identifier", "Observation?patient.identifier=urn%3Amrn%7C7", "Observation", "urn:mrn|7"],
    ["a patient by identifier in R4's modifier", "Observation?subject:identifier=urn:mrn|7", "Observation", "urn:mrn|7"],
    ["a patient's absolute URL", "Observation?patient=https://epr.example/fhir/Patient/p1", "Observation", "Patient/p1"],
    ["a patient's compartment", "https://epr.example/Patient/p1/DiagnosticReport?_count=5", "DiagnosticReport", "Patient/p1"],
    [
      "a whole chart brings the results with it",
      "https://epr.example/Patient/p1/$everything",
      "DiagnosticReport Observation",
      "Patient/p1",
    ],
    ["a whole chart less the results", "Patient/p1/$everything?_type=Task,Encounter", "Task Encounter", "Patient/p1"],
    ["the patient itself", "Patient?_id=p1&_revinclude=DiagnosticReport:subject", "Patient DiagnosticReport", "Patient/p1"],
    ["the patient by identifier", "Patient?identifier=urn:mrn|7", "Patient", "urn:mrn|7"],
    ["several patients are none", "Observation?patient=p1,p2", "Observation", undefined],
    ["no patient", "Encounter?participant=13", "Encounter", undefined],
    ["an HL7 v3 message is no search that we can read", `<?xml version="1.0"?><PRPA_IN201309UV02 xmlns="urn:hl7-org:v3"/>`, "", undefined],
  ])("%s", (_, text, searched, patient) => {
    expect(searchOf(packed(text))).toEqual(["search", searched, patient]);
  });
});

test("text that was never packed is read as it stands", () => {
  expect(searchOf("Observation?patient=p1")).toEqual(["search", "Observation", "Patient/p1"]);
});

test("what is neither base64 nor a search says nothing, and stays a search", () => {
  expect([searchOf("////"), searchOf(7), searchOf({}), searchOf("AAAAAAAAAAAA"), searchOf("x".repeat(30_000))]).toEqual(
    Array(5).fill(["search", "", undefined]),
  );
});

test("an encoded NUL, as scanners for weaknesses send it, is in no name", () => {
  expect(searchOf(packed("Patient?_id=a%00b"))).toEqual(["search", "Patient", "Patient/a\ufffdb"]);
});
