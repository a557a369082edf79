import { describe, expect, test } from "vitest";
import { audit, observation, order, patient, report, task, utc } from "./resources.ts";
import { critical, elsewhere, nine, overdue, scan, unacknowledged, unactioned, unresulted, withCritical } from "./scanning.ts";

describe("result-no-action", () => {
  const flagged = [observation("k", { value: 5.5, interpretation: "H" }), report("r", { ...withCritical, issued: "2026-02-01T09:00:00Z" })];
  const view = audit("v", "read", "DiagnosticReport/r", { recorded: "2026-02-02T09:00:00Z" });
  const request = order("o", { authoredOn: "2026-02-03T09:00:00Z", requester: { reference: "Practitioner/d" }, category: [] });
  test("an order by a person who looked acts on the result, by another or before the look it does not", () => {
    const all = (...more: unknown[]) => unactioned([...elsewhere, ...flagged, ...more]);
    expect([all(view, request), all(request), all(view, { ...request, requester: { reference: "Practitioner/e" } })]).toEqual([
      ["met"],
      ["missed"],
      ["missed"],
    ]);
  });
  test("five minutes after authoring a look still counts; the order that the report answers never", () => {
    const late = (recorded: string) =>
      unactioned([...elsewhere, ...flagged, audit("v", "read", "DiagnosticReport/r", { recorded }), request]);
    expect([late("2026-02-03T09:05:00Z"), late("2026-02-03T09:05:01Z")]).toEqual([["met"], ["missed"]]);
    const answered = report("r", { ...withCritical, issued: "2026-02-01T09:00:00Z", basedOn: [{ reference: "ServiceRequest/o" }] });
    expect(unactioned([...elsewhere, flagged[0], answered, view, request])).toEqual(["missed"]);
  });
  test("a death before due cancels, a deceasedBoolean read after due leaves it unknown", () => {
    const dead = patient("p", { deceasedDateTime: "2026-01-01" });
    const bound = patient("p", { deceasedBoolean: true, meta: { versionId: "1", lastUpdated: "2026-03-10T00:00:00Z" } });
    expect([unactioned([...elsewhere, ...flagged, dead]), unactioned([...elsewhere, ...flagged, bound])]).toEqual([
      ["cancelled"],
      ["unknown: time-not-recorded"],
    ]);
  });
  test("naming an Observation of the report acts on it", () => {
    const named = order("o", {
      authoredOn: "2026-02-03T09:00:00Z",
      reasonReference: [{ reference: "http://epr/fhir/Observation/k/_history/2" }],
      category: [],
    });
    expect(unactioned([...elsewhere, ...flagged, named])).toEqual(["met"]);
  });
});

describe("order-unresulted", () => {
  const stat = order("o", { priority: "stat" });
  test("an order is resulted by a report issued before it, and never by a note or a withdrawn one", () => {
    const basedOn = [{ reference: "ServiceRequest/o" }];
    const answer = (over: Readonly<Record<string, unknown>>) =>
      unresulted([...elsewhere, stat, report("r", { issued: "2026-03-01T09:00:00Z", basedOn, ...over })]);
    const withdrawn = report("r", { basedOn, status: "cancelled", version: 2, lastUpdated: "2026-03-15T09:00:00Z" });
    expect(unresulted([...elsewhere, stat, report("r", { issued: "2026-03-01T09:00:00Z", basedOn }), withdrawn])).toEqual(["missed"]);
    expect([
      answer({}),
      answer({ status: "cancelled" }),
      answer({ category: [{ coding: [{ system: "http://loinc.org", code: "34117-2" }] }] }),
    ]).toEqual([["met"], ["missed"], ["missed"]]);
  });
  test("a revocation, a delete and a death cancel before due", () => {
    const revoked = order("o", { priority: "stat", status: "revoked", version: 2, lastUpdated: "2026-03-02T20:00:00Z" });
    const deleted = audit("d", "delete", "ServiceRequest/o", { action: "D", recorded: "2026-03-02T20:00:00Z" });
    const seen = (each: unknown) => unresulted([...elsewhere, stat, each]);
    expect([
      seen(revoked),
      seen(deleted),
      seen(patient("p", { deceasedDateTime: "2026-03-03T08:59:59Z" })),
      seen(patient("p", { deceasedDateTime: "2026-03-03T09:00:00Z" })),
    ]).toEqual([["cancelled"], ["cancelled"], ["cancelled"], ["missed"]]);
  });
  test("drafts, proposals and orders of other kinds open nothing", () => {
    expect(
      unresulted([
        order("a", { status: "draft" }),
        order("b", { intent: "proposal" }),
        order("c", { category: [{ coding: [{ code: "3457005" }] }] }),
      ]),
    ).toEqual([]);
  });
  test("a merged patient's death cancels, and six ids on one identifier join none", () => {
    const nhs = { identifier: [{ system: "https://fhir.nhs.uk/Id/nhs-number", value: "9434765919" }] };
    const dead = patient("a", { ...nhs, deceasedDateTime: "2026-03-02T12:00:00Z" });
    const crowd = ["c", "d", "e", "f"].map((id) => patient(id, nhs));
    const seen = (...more: unknown[]) =>
      scan([...elsewhere, stat, ...more])
        .filter((each) => each.subject === "ServiceRequest/o")
        .map((each) => [each.verdict, each.patient]);
    expect(seen(dead, patient("p", nhs))).toEqual([["cancelled", "Patient/a"]]);
    expect(seen(dead, patient("p", nhs), ...crowd)).toEqual([["missed", "Patient/p"]]);
    expect(seen(dead, patient("p", { link: [{ type: "replaced-by", other: { reference: "Patient/a" } }] }))).toEqual([
      ["cancelled", "Patient/a"],
    ]);
  });
});

describe("task-overdue", () => {
  const asked = (over: Readonly<Record<string, unknown>> = {}) => task("t", { authoredOn: nine, ...over });
  const until = (end: string) => ({ restriction: { period: { end } } });
  const dues = (...resources: unknown[]) =>
    scan(resources)
      .filter((each) => each.subject === "Task/t")
      .map((each) => new Date(each.dueAt).toISOString());
  test("a date-only due date ends at midnight in the site's zone, and one before the opening is the opening", () => {
    expect([dues(asked(until("2026-07-21"))), dues(asked(until("2026-02-01"))), dues(asked({ priority: "asap" }))]).toEqual([
      ["2026-07-21T23:00:00.000Z"],
      ["2026-03-02T09:00:00.000Z"],
      ["2026-03-03T09:00:00.000Z"],
    ]);
  });
  test("a due date changed before due counts, for no instant before the change; changed after due it does not", () => {
    const first = asked({ ...until("2026-03-04T00:00:00Z"), lastUpdated: nine });
    const changed = (end: string, lastUpdated: string) => dues(first, asked({ ...until(end), version: 2, lastUpdated }));
    expect([
      changed("2026-03-06T00:00:00Z", "2026-03-03T00:00:00Z"),
      changed("2026-03-02T12:00:00Z", "2026-03-03T00:00:00Z"),
      changed("2026-03-06T00:00:00Z", "2026-03-04T00:00:00Z"),
    ]).toEqual([["2026-03-06T00:00:00.000Z"], ["2026-03-03T00:00:00.000Z"], ["2026-03-04T00:00:00.000Z"]]);
  });
  test("completion closes, rejection cancels, a status repeated counts at the first", () => {
    const done = asked({ ...until("2026-03-04T00:00:00Z"), status: "completed", version: 2, lastUpdated: "2026-03-03T00:00:00Z" });
    const again = { ...done, meta: { versionId: "3", lastUpdated: "2026-03-09T00:00:00Z" } };
    const rejected = asked({ ...until("2026-03-04T00:00:00Z"), status: "rejected", lastModified: "2026-03-03T00:00:00Z" });
    expect([overdue([...elsewhere, asked(), done, again]), overdue([...elsewhere, rejected])]).toEqual([["met"], ["cancelled"]]);
  });
  test("versions without lastUpdated come first, and one version id is one version", () => {
    const old = { ...asked({ priority: "stat" }), meta: {} };
    const urgent = asked({ priority: "urgent", lastUpdated: "2026-03-02T10:00:00Z" });
    const later = asked({ priority: "asap", lastUpdated: "2026-03-02T10:30:00Z" });
    expect([dues(old, urgent), dues(urgent, old), dues(urgent, later), dues(later, urgent)]).toEqual([
      ["2026-03-05T09:00:00.000Z"],
      ["2026-03-05T09:00:00.000Z"],
      ["2026-03-03T09:00:00.000Z"],
      ["2026-03-03T09:00:00.000Z"],
    ]);
  });
  test("what lies after now or before the retention line does not exist", () => {
    expect(overdue([asked()], { now: utc(nine) - 1 })).toEqual([]);
    expect(overdue([asked({ authoredOn: "2024-03-19T23:59:59Z" })])).toEqual([]);
    expect(overdue([asked({ authoredOn: "2024-03-20T00:00:00Z" })]).length).toBe(1);
  });
});

describe("who acts", () => {
  const acked = (over: Readonly<Record<string, unknown>>) =>
    unacknowledged([
      ...elsewhere,
      critical,
      report("r", withCritical),
      audit("a", "verify", "DiagnosticReport/r", { recorded: "2026-03-02T10:00:00Z", ...over }),
    ]);
  test("a machine or a patient acknowledges nothing, a requestor known by name alone does", () => {
    const agents = [
      [{ who: { reference: "Device/d" }, requestor: true }],
      [{ who: { reference: "Patient/p" }, requestor: true }, { who: { reference: "Practitioner/d" } }],
      [{ name: "Dr Adams", requestor: true }],
      [{ name: "Dr Adams" }],
      [{ type: { coding: [{ code: "110153" }] }, requestor: true, who: { display: "Integration engine" } }],
      [
        { type: { coding: [{ code: "110153" }] }, requestor: true, who: { display: "Integration engine" } },
        { who: { reference: "Practitioner/d" } },
      ],
    ];
    expect(agents.map((agent) => acked({ agent })[0])).toEqual(["missed", "missed", "met", "missed", "missed", "met"]);
  });
  test("an R5 and an STU3 AuditEvent say the same", () => {
    const iso = { system: "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle", code: "verify" };
    const about = { resourceType: "AuditEvent", id: "x", recorded: "2026-03-02T10:00:00Z" };
    const r5 = {
      ...about,
      code: { coding: [iso] },
      outcome: { code: { code: "0" } },
      agent: [{ who: { reference: "Practitioner/d" }, requestor: true }],
      entity: [{ what: { reference: "DiagnosticReport/r" } }],
    };
    const stu3 = {
      ...about,
      subtype: [iso],
      agent: [{ reference: { reference: "Practitioner/d" }, requestor: true }],
      entity: [{ reference: { reference: "DiagnosticReport/r" } }],
    };
    expect([r5, stu3].map((each) => unacknowledged([...elsewhere, critical, report("r", withCritical), each]))).toEqual([["met"], ["met"]]);
  });
  test("an identifier names the report that bears it, and neither of two", () => {
    const identifier = { system: "urn:lab", value: "77" };
    const verify = {
      ...audit("a", "verify", "DiagnosticReport/r", { recorded: "2026-03-02T10:00:00Z" }),
      entity: [{ what: { identifier } }],
    };
    const bearing = { ...report("r", withCritical), identifier: [identifier] };
    const twin = { ...report("s", { issued: "2026-03-02T10:30:00Z" }), identifier: [identifier] };
    expect(unacknowledged([...elsewhere, critical, bearing, verify])).toEqual(["met"]);
    expect(unacknowledged([...elsewhere, critical, bearing, twin, verify])[0]).toBe("missed");
  });
});
