import { describe, expect, test } from "vitest";
import { referenceLoops, referenceQuarantine, type ReferenceInput, type ReferenceLoop } from "./reference.ts";
import { audit, communication, coverAll, observation, order, patient, report, result, task, utc } from "./resources.ts";

const now = utc("2026-03-20T00:00:00Z");

function scan(resources: readonly unknown[], over: Partial<ReferenceInput> = {}): ReferenceLoop[] {
  return referenceLoops({ site: "s", timeZone: "Europe/London", now, resources, coverage: coverAll, ...over });
}

/** `verdict`, or `verdict: reason`, of each loop of one signal, in order of opening. */
function verdicts(signal: string, resources: readonly unknown[], over: Partial<ReferenceInput> = {}): string[] {
  return scan(resources, over)
    .filter((each) => each.signal === signal && !each.subject.includes("/seen"))
    .map((each) => (each.reason === null ? each.verdict : `${each.verdict}: ${each.reason}`));
}

const unacknowledged = (resources: readonly unknown[], over?: Partial<ReferenceInput>) => verdicts("result-unacknowledged", resources, over);
const uncommunicated = (resources: readonly unknown[], over?: Partial<ReferenceInput>) => verdicts("critical-uncommunicated", resources, over);
const unactioned = (resources: readonly unknown[], over?: Partial<ReferenceInput>) => verdicts("result-no-action", resources, over);
const unresulted = (resources: readonly unknown[], over?: Partial<ReferenceInput>) => verdicts("order-unresulted", resources, over);
const overdue = (resources: readonly unknown[], over?: Partial<ReferenceInput>) => verdicts("task-overdue", resources, over);

/** Somewhere at the site, each activity was once seen; the loops of these records are left out above. */
const elsewhere = [
  report("seen", { issued: "2026-01-10T09:00:00Z", subject: { reference: "Patient/other" }, basedOn: [{ reference: "ServiceRequest/seen" }] }),
  audit("seen", "verify", "DiagnosticReport/seen", { recorded: "2026-01-10T09:30:00Z" }),
  order("seen", { authoredOn: "2026-01-09T09:00:00Z", subject: { reference: "Patient/other" } }),
  order("seen-action", { authoredOn: "2026-01-11T09:00:00Z", supportingInfo: [{ reference: "DiagnosticReport/seen" }], category: [] }),
  task("seen", { authoredOn: "2026-01-10T09:00:00Z", status: "completed", lastModified: "2026-01-10T10:00:00Z" }),
];
const critical = observation("k", { value: 7.1 });
const withCritical = { result: [{ reference: "Observation/k" }] };
const nine = "2026-03-02T09:00:00Z";

describe("result-unacknowledged", () => {
  test("a critical result that nobody acknowledges within two hours is missed", () => {
    const loop = scan([...elsewhere, critical, report("r", withCritical)]).find((each) => each.subject === "DiagnosticReport/r" && each.signal === "result-unacknowledged");
    expect(loop).toEqual({
      signal: "result-unacknowledged", subject: "DiagnosticReport/r", openedAt: utc(nine), dueAt: utc("2026-03-02T11:00:00Z"), metAt: null,
      verdict: "missed", reason: null, beforeWatch: false, opening: "result.issued", patient: "Patient/p",
    });
  });
  test("an acknowledgement at the due instant is met, a second later late", () => {
    const seen = (recorded: string) => unacknowledged([...elsewhere, critical, report("r", withCritical), audit("a", "verify", "DiagnosticReport/r", { recorded })]);
    expect([seen("2026-03-02T11:00:00Z"), seen("2026-03-02T11:00:01Z")]).toEqual([["met"], ["late"]]);
  });
  test("a look is no acknowledgement, nor is a failed verify", () => {
    const resources = [audit("a", "read", "DiagnosticReport/r"), audit("b", "verify", "DiagnosticReport/r", { outcome: "8" })];
    expect(unacknowledged([...elsewhere, critical, report("r", withCritical), ...resources])).toEqual(["missed"]);
  });
  test("where no acknowledgement was ever seen the answer is never-seen", () => {
    expect(unacknowledged([critical, report("r", withCritical)])).toEqual(["unknown: never-seen"]);
  });
  test("before due it is pending, and at due no longer", () => {
    const at = (text: string) => unacknowledged([...elsewhere, critical, report("r", withCritical)], { now: utc(text) });
    expect([at("2026-03-02T10:59:59Z"), at("2026-03-02T11:00:00Z")]).toEqual([["pending"], ["missed"]]);
  });
  test("a normal result opens nothing, and one entered in error is cancelled", () => {
    const plain = observation("k", { value: 4.2, interpretation: "N" });
    expect(unacknowledged([...elsewhere, plain, report("r", withCritical)])).toEqual([]);
    const voided = report("r", { ...withCritical, status: "entered-in-error", version: 2 });
    expect(unacknowledged([...elsewhere, critical, report("r", withCritical), voided])).toEqual(["cancelled"]);
  });
  test("a FHIR deletion voids as entered in error does", () => {
    const deletion = { resourceType: "DiagnosticReport", id: "r", deleted: true, meta: { versionId: "2", lastUpdated: "2026-03-05T00:00:00Z" } };
    expect(unacknowledged([...elsewhere, critical, report("r", withCritical), deletion])).toEqual(["cancelled"]);
  });
  test("a withdrawal before due cancels, and after due does not", () => {
    const withdrawn = (lastUpdated: string) => report("r", { ...withCritical, status: "cancelled", version: 2, lastUpdated });
    const seen = (lastUpdated: string) => unacknowledged([...elsewhere, critical, report("r", withCritical), withdrawn(lastUpdated)]);
    expect([seen("2026-03-02T10:59:59Z"), seen("2026-03-02T11:00:00Z")]).toEqual([["cancelled"], ["missed"]]);
  });
  test("an amended version opens anew and cancels the one that was not yet due", () => {
    const amended = (issued: string) => report("r", { ...withCritical, status: "amended", version: 2, issued, lastUpdated: issued });
    const seen = (issued: string) => unacknowledged([...elsewhere, critical, report("r", withCritical), amended(issued)]);
    expect([seen("2026-03-02T10:00:00Z"), seen("2026-03-02T12:00:00Z")]).toEqual([["cancelled", "missed"], ["missed", "missed"]]);
  });
  test("an amended version that kept its issued time opens at its lastUpdated", () => {
    const amended = report("r", { ...withCritical, status: "amended", version: 2, lastUpdated: "2026-03-03T08:00:00Z" });
    const opened = scan([critical, report("r", withCritical), amended]).filter((each) => each.signal === "result-unacknowledged").map((each) => each.openedAt);
    expect(opened).toEqual([utc(nine), utc("2026-03-03T08:00:00Z")]);
  });
  test("a newer version without news opens nothing, nor does a final after the first amended", () => {
    const amended = report("r", { ...withCritical, status: "amended", version: 2, issued: "2026-03-03T08:00:00Z", lastUpdated: "2026-03-03T08:00:00Z" });
    const again = { ...amended, meta: { versionId: "3", lastUpdated: "2026-03-04T08:00:00Z" }, encounter: { reference: "Encounter/e" } };
    const final = report("r", { ...withCritical, version: 4, conclusion: "new", lastUpdated: "2026-03-05T08:00:00Z" });
    expect(unacknowledged([...elsewhere, critical, report("r", withCritical), amended, again, final])).toEqual(["missed", "missed"]);
  });
  test("a review Task closes up to five minutes early, for the first opening only", () => {
    const review = (lastModified: string) => task("t", { focus: { reference: "DiagnosticReport/r" }, status: "completed", authoredOn: "2026-03-02T08:00:00Z", lastModified });
    const seen = (lastModified: string, ...more: unknown[]) => unacknowledged([...elsewhere, critical, report("r", withCritical), review(lastModified), ...more]);
    const amended = report("r", { ...withCritical, status: "amended", version: 2, issued: "2026-03-02T12:00:00Z", lastUpdated: "2026-03-02T12:00:00Z" });
    expect([seen("2026-03-02T08:55:00Z"), seen("2026-03-02T08:54:59Z"), seen("2026-03-02T11:58:00Z", amended)]).toEqual([["met"], ["missed"], ["late", "missed"]]);
  });
  test("the laboratory's own verify does not count, unless it is the requester's", () => {
    const lab = { performer: [{ reference: "Practitioner/d" }], basedOn: [{ reference: "ServiceRequest/o" }] };
    const verify = audit("a", "verify", "DiagnosticReport/r", { recorded: "2026-03-02T10:00:00Z" });
    const resources = [...elsewhere, critical, report("r", { ...withCritical, ...lab }), verify];
    expect(unacknowledged(resources)).toEqual(["missed"]);
    expect(unacknowledged([...resources, order("o", { requester: { reference: "Practitioner/d" } })])).toEqual(["met"]);
  });
  test("a role of the performing organisation is the laboratory's own once it is read", () => {
    const role = { resourceType: "PractitionerRole", id: "x", practitioner: { reference: "Practitioner/d" }, organization: { reference: "Organization/lab" } };
    const resources = [...elsewhere, critical, report("r", { ...withCritical, performer: [{ reference: "Organization/lab" }] }), audit("a", "verify", "DiagnosticReport/r", { recorded: "2026-03-02T10:00:00Z" })];
    expect([unacknowledged(resources), unacknowledged([...resources, role])]).toEqual([["met"], ["missed"]]);
  });
  test("a Task completed by a machine counts as nobody's", () => {
    const review = task("t", { focus: { reference: "DiagnosticReport/r" }, status: "completed", authoredOn: "2026-03-02T08:00:00Z", lastModified: "2026-03-02T10:00:00Z", lastUpdated: "2026-03-02T10:00:00Z" });
    const machine = { ...audit("m", "update", "Task/t", { recorded: "2026-03-02T10:01:00Z", action: "U" }), agent: [{ who: { reference: "Device/rpa" }, requestor: true }] };
    expect([unacknowledged([...elsewhere, critical, report("r", withCritical), review]), unacknowledged([...elsewhere, critical, report("r", withCritical), review, machine])]).toEqual([["met"], ["missed"]]);
  });
  test("an upper bound after due is unknown, before due met", () => {
    const review = (lastUpdated: string, version: number) => task("t", { focus: { reference: "DiagnosticReport/r" }, status: "completed", authoredOn: "2026-03-02T08:00:00Z", lastUpdated, version });
    const seen = (lastUpdated: string, version: number) => unacknowledged([...elsewhere, critical, report("r", withCritical), review(lastUpdated, version)]);
    expect([seen("2026-03-02T10:59:00Z", 3), seen("2026-03-02T12:00:00Z", 3), seen("2026-03-02T12:00:00Z", 1)]).toEqual([["met"], ["unknown: time-not-recorded"], ["late"]]);
  });
  test("an emergency encounter gives two days to what is not critical", () => {
    const encounter = { resourceType: "Encounter", id: "e", class: { code: "AMB" }, classHistory: [{ class: { code: "EMER" }, period: { start: "2026-03-02T08:00:00Z", end: "2026-03-02T12:00:00Z" } }] };
    const loops = scan([observation("k", { value: 5.5, interpretation: "H" }), encounter, report("r", { ...withCritical, encounter: { reference: "Encounter/e" } })]);
    expect(loops.filter((each) => each.signal === "result-unacknowledged").map((each) => each.dueAt)).toEqual([utc("2026-03-04T09:00:00Z")]);
  });
});

describe("coverage", () => {
  const missing = [...elsewhere, critical, report("r", withCritical)];
  const from = utc("2026-01-01T00:00:00Z");
  test("a closing feed that does not cover to due is a gap, or awaited while it is fresh", () => {
    const coverage = { ...coverAll, AuditEvent: [{ from, to: utc("2026-03-02T10:00:00Z") }] };
    const at = (text: string) => unacknowledged(missing, { coverage, now: utc(text) });
    expect([at("2026-03-02T16:59:59Z"), at("2026-03-02T17:00:00Z")]).toEqual([["pending"], ["unknown: gap"]]);
  });
  test("a gap with coverage after it is never awaited", () => {
    const coverage = { ...coverAll, AuditEvent: [{ from, to: utc("2026-03-02T10:00:00Z") }, { from: utc("2026-03-02T11:00:00Z"), to: now }] };
    expect(unacknowledged(missing, { coverage, now: utc("2026-03-02T11:30:00Z") })).toEqual(["unknown: gap"]);
  });
  test("a feed that the site has not got needs no coverage, and one held but not declared has none", () => {
    const { Provenance: _provenance, ...coverage } = coverAll;
    expect(unacknowledged(missing, { coverage })).toEqual(["missed"]);
    const provenance = { resourceType: "Provenance", id: "x", recorded: nine, target: [{ reference: "Patient/z" }], agent: [] };
    expect(unacknowledged([...missing, provenance], { coverage })).toEqual(["unknown: gap"]);
  });
  test("a signal that no feed can close does not run", () => {
    const coverage = { DiagnosticReport: [{ from, to: now }], Observation: [{ from, to: now }] };
    expect(scan([critical, report("r", withCritical)], { coverage })).toEqual([]);
  });
  test("a quarantined Task is a gap for the report that it names, and for no other", () => {
    const { id: _id, ...broken } = task("t", { focus: { reference: "DiagnosticReport/r" }, for: { reference: "Patient/p" } });
    const other = report("r2", { ...withCritical, issued: "2026-03-03T09:00:00Z" });
    expect(unacknowledged([...missing, other, broken])).toEqual(["unknown: gap", "missed"]);
    expect(referenceQuarantine({ site: "s", timeZone: "UTC", now, resources: [broken, { ...broken, resourceType: "AuditEvent", recorded: nine }], coverage: {} })).toEqual([{ resource: broken, reason: "no-id" }]);
  });
  test("a loop opened before the first coverage of an opening feed is before the watch", () => {
    const loops = scan([critical, report("r", withCritical)], { since: utc("2026-03-02T09:00:01Z") });
    expect(loops.filter((each) => each.signal === "result-unacknowledged").map((each) => each.beforeWatch)).toEqual([true]);
  });
  test("a silent hour is a gap where the four weeks before held twenty each", () => {
    const weeks = [1, 2, 3, 4].flatMap((week) =>
      Array.from({ length: 20 }, (_, index) => audit(`w${week}-${index}`, "read", "Patient/other", { recorded: new Date(utc("2026-03-02T10:10:00Z") - week * 604_800_000).toISOString() })),
    );
    expect(unacknowledged([...missing, ...weeks])).toEqual(["unknown: gap"]);
    expect(unacknowledged([...missing, ...weeks.slice(1)])).toEqual(["missed"]);
  });
});

describe("urgency", () => {
  const limitOf = (resources: readonly unknown[]) =>
    scan(resources).filter((each) => each.signal === "result-unacknowledged").map((each) => (each.dueAt - each.openedAt) / 3_600_000);
  test("what rests on an Observation not held is judged under every urgency", () => {
    const resources = [...elsewhere, observation("other", { value: 4 }), report("r", withCritical)];
    const at = (text: string) => unacknowledged(resources, { now: utc(text) });
    expect([at("2026-03-02T10:00:00Z"), at("2026-03-02T12:00:00Z"), at("2026-03-19T12:00:00Z")]).toEqual([["pending"], ["unknown: observation-not-brought"], ["unknown: observation-not-brought"]]);
    const ack = audit("a", "verify", "DiagnosticReport/r", { recorded: "2026-03-02T10:30:00Z" });
    expect(unacknowledged([...resources, ack])).toEqual(["met"]);
  });
  test("all urgencies agree on missed where normal cannot be", () => {
    const says = observation("k", { value: 4, interpretation: undefined });
    const resources = [...elsewhere, says, report("r", { result: [{ reference: "Observation/k" }, { reference: "Observation/gone" }] })];
    expect(unacknowledged(resources)).toEqual(["missed"]);
  });
  test("values are judged by unit, comparator, age and range", () => {
    const grown = patient("p", { birthDate: "1950-01-01" });
    const cases = [
      observation("k", { value: 6.5 }), observation("k", { value: 6.49 }), observation("k", { value: 6.5, comparator: "<" }),
      observation("k", { value: 2, comparator: "<" }), observation("k", { loinc: "15074-8", value: 450.39, unit: "mg/dL" }),
      observation("k", { loinc: "2951-2", value: 125 }), observation("k", { value: 7.1, unit: "furlong" }), observation("k", { loinc: "14682-9", value: 354, unit: "µmol/L" }),
    ];
    expect(cases.map((each) => limitOf([grown, each, report("r", withCritical)])[0])).toEqual([2, 336, 336, 2, 2, 336, 336, 2]);
    expect(limitOf([observation("k", { loinc: "2951-2", value: 125 }), report("r", withCritical)])).toEqual([2]);
  });
  test("a value inside its range is normal, a comparator only where every value is", () => {
    const referenceRange = [{ low: { value: 3.5 }, high: { value: 5.3 } }];
    const cases = [observation("k", { value: 5.3, referenceRange }), observation("k", { value: 5.4, referenceRange }), observation("k", { value: 5, comparator: "<", referenceRange })];
    expect(cases.map((each) => limitOf([each, report("r", withCritical)]))).toEqual([[], [336], [336]]);
  });
});

describe("critical-uncommunicated", () => {
  test("a call up to an hour before release counts, a minute more does not", () => {
    const seen = (sent: string) => uncommunicated([critical, report("r", withCritical), communication("c", { sent })]);
    expect([seen("2026-03-02T08:00:00Z"), seen("2026-03-02T07:59:00Z")]).toEqual([["met"], ["missed"]]);
  });
  test("a value no worse than one communicated in time within a week opens nothing", () => {
    const later = report("r2", { issued: "2026-03-05T09:00:00Z", result: [{ reference: "Observation/k2" }] });
    const told = communication("c", { sent: "2026-03-02T10:00:00Z" });
    const seen = (value: number, interpretation?: string) => uncommunicated([critical, report("r", withCritical), told, observation("k2", { value, interpretation }), later]);
    expect([seen(7.1), seen(7.2), seen(5, "HH")]).toEqual([["met"], ["met", "missed"], ["met", "missed"]]);
  });
});

describe("result-no-action", () => {
  const flagged = [observation("k", { value: 5.5, interpretation: "H" }), report("r", { ...withCritical, issued: "2026-02-01T09:00:00Z" })];
  const view = audit("v", "read", "DiagnosticReport/r", { recorded: "2026-02-02T09:00:00Z" });
  const request = order("o", { authoredOn: "2026-02-03T09:00:00Z", requester: { reference: "Practitioner/d" }, category: [] });
  test("an order by a person who looked acts on the result, by another or before the look it does not", () => {
    const all = (...more: unknown[]) => unactioned([...elsewhere, ...flagged, ...more]);
    expect([all(view, request), all(request), all(view, { ...request, requester: { reference: "Practitioner/e" } })]).toEqual([["met"], ["missed"], ["missed"]]);
  });
  test("five minutes after authoring a look still counts; the order that the report answers never", () => {
    const late = (recorded: string) => unactioned([...elsewhere, ...flagged, audit("v", "read", "DiagnosticReport/r", { recorded }), request]);
    expect([late("2026-02-03T09:05:00Z"), late("2026-02-03T09:05:01Z")]).toEqual([["met"], ["missed"]]);
    const answered = report("r", { ...withCritical, issued: "2026-02-01T09:00:00Z", basedOn: [{ reference: "ServiceRequest/o" }] });
    expect(unactioned([...elsewhere, flagged[0], answered, view, request])).toEqual(["missed"]);
  });
  test("a death before due cancels, a deceasedBoolean read after due leaves it unknown", () => {
    const dead = patient("p", { deceasedDateTime: "2026-01-01" });
    const bound = patient("p", { deceasedBoolean: true, meta: { versionId: "1", lastUpdated: "2026-03-10T00:00:00Z" } });
    expect([unactioned([...elsewhere, ...flagged, dead]), unactioned([...elsewhere, ...flagged, bound])]).toEqual([["cancelled"], ["unknown: time-not-recorded"]]);
  });
  test("naming an Observation of the report acts on it", () => {
    const named = order("o", { authoredOn: "2026-02-03T09:00:00Z", reasonReference: [{ reference: "http://epr/fhir/Observation/k/_history/2" }], category: [] });
    expect(unactioned([...elsewhere, ...flagged, named])).toEqual(["met"]);
  });
});

describe("order-unresulted", () => {
  const stat = order("o", { priority: "stat" });
  test("an order is resulted by a report issued before it, and never by a note or a withdrawn one", () => {
    const basedOn = [{ reference: "ServiceRequest/o" }];
    const answer = (over: object) => unresulted([...elsewhere, stat, report("r", { issued: "2026-03-01T09:00:00Z", basedOn, ...over })]);
    expect([answer({}), answer({ status: "cancelled" }), answer({ category: [{ coding: [{ system: "http://loinc.org", code: "34117-2" }] }] })]).toEqual([["met"], ["missed"], ["missed"]]);
  });
  test("a revocation, a delete and a death cancel before due", () => {
    const revoked = order("o", { priority: "stat", status: "revoked", version: 2, lastUpdated: "2026-03-02T20:00:00Z" });
    const deleted = audit("d", "delete", "ServiceRequest/o", { action: "D", recorded: "2026-03-02T20:00:00Z" });
    const seen = (each: unknown) => unresulted([...elsewhere, stat, each]);
    expect([seen(revoked), seen(deleted), seen(patient("p", { deceasedDateTime: "2026-03-03T08:59:59Z" })), seen(patient("p", { deceasedDateTime: "2026-03-03T09:00:00Z" }))]).toEqual([["cancelled"], ["cancelled"], ["cancelled"], ["missed"]]);
  });
  test("drafts, proposals and orders of other kinds open nothing", () => {
    expect(unresulted([order("a", { status: "draft" }), order("b", { intent: "proposal" }), order("c", { category: [{ coding: [{ code: "3457005" }] }] })])).toEqual([]);
  });
  test("a merged patient's death cancels, and six ids on one identifier join none", () => {
    const nhs = { identifier: [{ system: "https://fhir.nhs.uk/Id/nhs-number", value: "9434765919" }] };
    const dead = patient("a", { ...nhs, deceasedDateTime: "2026-03-02T12:00:00Z" });
    const crowd = ["c", "d", "e", "f"].map((id) => patient(id, nhs));
    const seen = (...more: unknown[]) => scan([...elsewhere, stat, ...more]).filter((each) => each.subject === "ServiceRequest/o").map((each) => [each.verdict, each.patient]);
    expect(seen(dead, patient("p", nhs))).toEqual([["cancelled", "Patient/a"]]);
    expect(seen(dead, patient("p", nhs), ...crowd)).toEqual([["missed", "Patient/p"]]);
    expect(seen(dead, patient("p", { link: [{ type: "replaced-by", other: { reference: "Patient/a" } }] }))).toEqual([["cancelled", "Patient/a"]]);
  });
});

describe("task-overdue", () => {
  const asked = (over: object = {}) => task("t", { authoredOn: nine, ...over });
  const until = (end: string) => ({ restriction: { period: { end } } });
  const dues = (...resources: unknown[]) => scan(resources).filter((each) => each.subject === "Task/t").map((each) => new Date(each.dueAt).toISOString());
  test("a date-only due date ends at midnight in the site's zone, and one before the opening is the opening", () => {
    expect([dues(asked(until("2026-07-21")), ), dues(asked(until("2026-02-01"))), dues(asked({ priority: "asap" }))]).toEqual([["2026-07-21T23:00:00.000Z"], ["2026-03-02T09:00:00.000Z"], ["2026-03-03T09:00:00.000Z"]]);
  });
  test("a due date changed before due counts, for no instant before the change; changed after due it does not", () => {
    const first = asked({ ...until("2026-03-04T00:00:00Z"), lastUpdated: nine });
    const changed = (end: string, lastUpdated: string) => dues(first, asked({ ...until(end), version: 2, lastUpdated }));
    expect([changed("2026-03-06T00:00:00Z", "2026-03-03T00:00:00Z"), changed("2026-03-02T12:00:00Z", "2026-03-03T00:00:00Z"), changed("2026-03-06T00:00:00Z", "2026-03-04T00:00:00Z")]).toEqual([["2026-03-06T00:00:00.000Z"], ["2026-03-03T00:00:00.000Z"], ["2026-03-04T00:00:00.000Z"]]);
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
    expect([dues(old, urgent), dues(urgent, old), dues(urgent, later), dues(later, urgent)]).toEqual([["2026-03-05T09:00:00.000Z"], ["2026-03-05T09:00:00.000Z"], ["2026-03-03T09:00:00.000Z"], ["2026-03-03T09:00:00.000Z"]]);
  });
  test("what lies after now or before the retention line does not exist", () => {
    expect(overdue([asked()], { now: utc(nine) - 1 })).toEqual([]);
    expect(overdue([asked({ authoredOn: "2024-03-19T23:59:59Z" })])).toEqual([]);
    expect(overdue([asked({ authoredOn: "2024-03-20T00:00:00Z" })]).length).toBe(1);
  });
});

describe("who acts", () => {
  const acked = (over: object) => unacknowledged([...elsewhere, critical, report("r", withCritical), audit("a", "verify", "DiagnosticReport/r", { recorded: "2026-03-02T10:00:00Z", ...over })]);
  test("a machine or a patient acknowledges nothing, a requestor known by name alone does", () => {
    const agents = [
      [{ who: { reference: "Device/d" }, requestor: true }],
      [{ who: { reference: "Patient/p" }, requestor: true }, { who: { reference: "Practitioner/d" } }],
      [{ name: "Dr Adams", requestor: true }],
      [{ name: "Dr Adams" }],
      [{ type: { coding: [{ code: "110153" }] }, requestor: true, who: { display: "Integration engine" } }, { who: { reference: "Practitioner/d" } }],
    ];
    expect(agents.map((agent) => acked({ agent })[0])).toEqual(["missed", "missed", "met", "missed", "met"]);
  });
  test("an R5 and an STU3 AuditEvent say the same", () => {
    const iso = { system: "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle", code: "verify" };
    const about = { resourceType: "AuditEvent", id: "x", recorded: "2026-03-02T10:00:00Z" };
    const r5 = { ...about, code: { coding: [iso] }, outcome: { code: { code: "0" } }, agent: [{ who: { reference: "Practitioner/d" }, requestor: true }], entity: [{ what: { reference: "DiagnosticReport/r" } }] };
    const stu3 = { ...about, subtype: [iso], agent: [{ reference: { reference: "Practitioner/d" }, requestor: true }], entity: [{ reference: { reference: "DiagnosticReport/r" } }] };
    expect([r5, stu3].map((each) => unacknowledged([...elsewhere, critical, report("r", withCritical), each]))).toEqual([["met"], ["met"]]);
  });
  test("an identifier names the report that bears it, and neither of two", () => {
    const identifier = { system: "urn:lab", value: "77" };
    const verify = { ...audit("a", "verify", "DiagnosticReport/r", { recorded: "2026-03-02T10:00:00Z" }), entity: [{ what: { identifier } }] };
    const bearing = { ...report("r", withCritical), identifier: [identifier] };
    const twin = { ...report("s", { issued: "2026-03-02T10:30:00Z" }), identifier: [identifier] };
    expect(unacknowledged([...elsewhere, critical, bearing, verify])).toEqual(["met"]);
    expect(unacknowledged([...elsewhere, critical, bearing, twin, verify])[0]).toBe("missed");
  });
});

test("any order and any duplication of the resources gives the same loops", () => {
  expect(result([...elsewhere].reverse())).toEqual(result([...elsewhere, ...elsewhere]));
});
