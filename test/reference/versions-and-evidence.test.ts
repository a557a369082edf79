import { describe, expect, test } from "vitest";
import { audit, coverAll, order, report, task, utc } from "./resources.ts";
import { critical, elsewhere, nine, overdue, scan, unacknowledged, unactioned, withCritical } from "./scanning.ts";

describe("versions", () => {
  const shuffles = (resources: readonly unknown[]) => [resources, [...resources].reverse(), [...resources, ...resources]];
  test("the same version id with another content is one version: the later lastUpdated wins", () => {
    const stat = task("t", { priority: "stat", lastUpdated: "2026-03-02T09:00:00Z" });
    const urgent = task("t", { priority: "urgent", lastUpdated: "2026-03-02T09:00:01Z" });
    expect(shuffles([stat, urgent]).map((each) => scan(each).map((loop) => loop.dueAt))).toEqual([
      [utc("2026-03-05T09:00:00Z")],
      [utc("2026-03-05T09:00:00Z")],
      [utc("2026-03-05T09:00:00Z")],
    ]);
  });
  test("without times and numbers the rank of the status orders versions", () => {
    const bare = (status: string, issued: string) => ({ ...report("r", { ...withCritical, status, issued }), meta: {} });
    const openings = (resources: readonly unknown[]) =>
      scan(resources)
        .filter((each) => each.signal === "result-unacknowledged")
        .map((each) => each.opening);
    const all = [bare("final", nine), bare("preliminary", nine), critical];
    expect(shuffles(all).map(openings)).toEqual([
      ["result.preliminary", "result.issued"],
      ["result.preliminary", "result.issued"],
      ["result.preliminary", "result.issued"],
    ]);
  });
  test("a version first seen late has an upper bound, unless the one before is held", () => {
    const done = (version: number) => task("t", { status: "completed", version, lastUpdated: "2026-03-18T00:00:00Z" });
    const first = task("t", { status: "requested", version: 2 });
    expect([overdue([...elsewhere, done(3)]), overdue([...elsewhere, first, done(3)]), overdue([...elsewhere, first, done(4)])]).toEqual([
      ["unknown: time-not-recorded"],
      ["late"],
      ["unknown: time-not-recorded"],
    ]);
  });
  test("a critical preliminary version is cancelled by the final one before it is due", () => {
    const preliminary = report("r", { ...withCritical, status: "preliminary" });
    const final = report("r", { ...withCritical, version: 2, issued: "2026-03-02T10:00:00Z", lastUpdated: "2026-03-02T10:00:00Z" });
    expect([unacknowledged([...elsewhere, critical, preliminary]), unacknowledged([...elsewhere, critical, preliminary, final])]).toEqual([
      ["missed"],
      ["cancelled", "missed"],
    ]);
  });
  test("no result's time is before its predecessor's", () => {
    const final = report("r", { ...withCritical, version: 2, issued: "2026-03-02T08:00:00Z", lastUpdated: "2026-03-02T10:00:00Z" });
    const loops = scan([critical, report("r", { ...withCritical, status: "preliminary" }), final]).filter(
      (each) => each.signal === "result-unacknowledged",
    );
    expect(loops.map((each) => [each.opening, each.openedAt, each.verdict])).toEqual([
      ["result.preliminary", utc(nine), "cancelled"],
      ["result.issued", utc(nine), "unknown"],
    ]);
  });
});

describe("evidence", () => {
  const report1 = [...elsewhere, critical, report("r", withCritical)];
  test("a date-only acknowledgement on the day counts at the opening, the day before not", () => {
    const attest = (occurredDateTime: string) => ({
      resourceType: "Provenance",
      target: [{ reference: "DiagnosticReport/r/_history/1" }],
      occurredDateTime,
      activity: { coding: [{ code: "attest" }] },
      agent: [{ who: { reference: "Practitioner/d" } }],
    });
    expect([
      unacknowledged([...report1, attest("2026-03-02")]),
      unacknowledged([...report1, attest("2026-03-01")]),
      unacknowledged([...report1, attest("2026-03-03")]),
    ]).toEqual([["met"], ["missed"], ["late"]]);
  });
  test("a search of the patient's reports by query text is a look, of another patient's not", () => {
    const query = (text: string) => ({
      ...audit("q", "search-type", "x", { action: "E", recorded: "2026-03-02T09:30:00Z" }),
      entity: [{ query: Buffer.from(text).toString("base64") }],
    });
    const request = order("o", { authoredOn: "2026-03-02T10:00:00Z", requester: { reference: "PractitionerRole/x" }, category: [] });
    const role = { resourceType: "PractitionerRole", id: "x", practitioner: { reference: "Practitioner/d" } };
    const at = { now: utc("2026-04-10T00:00:00Z"), coverage: { ...coverAll, Task: [{ from: 0, to: utc("2026-04-10T00:00:00Z") }] } };
    const seen = (text: string) => unactioned([...report1, query(text), request, role], at);
    expect([
      seen("http://epr/fhir/DiagnosticReport?patient=Patient/p"),
      seen("DiagnosticReport?patient=other"),
      seen("Encounter?patient=p"),
    ]).toEqual([["met"], ["unknown: gap"], ["unknown: gap"]]);
  });
  test("a contained Observation is held", () => {
    const contained = [{ resourceType: "Observation", id: "c", status: "final", interpretation: [{ coding: [{ code: "LL" }] }] }];
    expect(unacknowledged([...elsewhere, report("r", { contained, result: [{ reference: "#c" }] })])).toEqual(["missed"]);
  });
  test("a note is no result, a report that names an uncategorised Observation is", () => {
    const note = { category: [{ coding: [{ system: "http://loinc.org", code: "34117-2" }] }] };
    expect([
      unacknowledged([...elsewhere, report("r", note)]),
      unacknowledged([...elsewhere, critical, report("r", { ...note, ...withCritical })]),
    ]).toEqual([[], ["missed"]]);
  });
  test("a Task with a code of its own is an action on the report and no acknowledgement", () => {
    const act = task("t", {
      focus: { reference: "DiagnosticReport/r" },
      code: { coding: [{ code: "call-patient" }] },
      status: "completed",
      lastModified: "2026-03-02T09:30:00Z",
      authoredOn: "2026-03-02T09:20:00Z",
    });
    expect([unacknowledged([...report1, act]), unactioned([...report1, act])]).toEqual([["missed"], ["met"]]);
  });
  test("an identifier borne by more than five practitioners joins none of them", () => {
    const gmc = (id: string) => ({
      resourceType: "Practitioner",
      id,
      identifier: [{ system: "https://fhir.hl7.org.uk/Id/gmc-number", value: "1234567" }],
    });
    const lab = report("r", { ...withCritical, performer: [{ reference: "Practitioner/e" }] });
    const verify = audit("a", "verify", "DiagnosticReport/r", { recorded: "2026-03-02T10:00:00Z" });
    const seen = (...ids: string[]) => unacknowledged([...elsewhere, critical, lab, verify, ...ids.map(gmc)]);
    expect([seen("d"), seen("d", "e"), seen("d", "e", "f", "g", "h", "i")]).toEqual([["met"], ["missed"], ["met"]]);
  });
  test("an opening without a zone is in the site's, and an hour that does not occur moves on", () => {
    const opened = scan([report("r", { issued: "2026-03-29T01:30:00" })], { now: utc("2026-04-10T00:00:00Z") }).map(
      (each) => each.openedAt,
    );
    expect(opened[0]).toBe(utc("2026-03-29T01:30:00Z"));
  });
  test("an unreadable time is absent, and the next source is tried", () => {
    const opened = scan([report("r", { issued: "12:011:30", lastUpdated: "2026-03-04T09:00:00Z" })]).map((each) => each.openedAt);
    expect(opened[0]).toBe(utc("2026-03-04T09:00:00Z"));
    const audited = { ...audit("a", "verify", "DiagnosticReport/r"), recorded: "yesterday" };
    expect(unacknowledged([...report1, audited])).toEqual(["unknown: gap"]);
  });
});
