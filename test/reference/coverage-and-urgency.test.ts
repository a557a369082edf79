import { describe, expect, test } from "vitest";
import { referenceQuarantine } from "./reference.ts";
import { audit, coverAll, observation, patient, report, task, utc } from "./resources.ts";
import { critical, elsewhere, nine, now, scan, unacknowledged, withCritical } from "./scanning.ts";

describe("coverage", () => {
  const missing = [...elsewhere, critical, report("r", withCritical)];
  const from = utc("2026-01-01T00:00:00Z");
  test("a closing feed that does not cover to due is a gap, or awaited while it is fresh", () => {
    const coverage = { ...coverAll, AuditEvent: [{ from, to: utc("2026-03-02T10:00:00Z") }] };
    const at = (text: string) => unacknowledged(missing, { coverage, now: utc(text) });
    expect([at("2026-03-02T16:59:59Z"), at("2026-03-02T17:00:00Z")]).toEqual([["pending"], ["unknown: gap"]]);
  });
  test("a gap with coverage after it is never awaited", () => {
    const coverage = {
      ...coverAll,
      AuditEvent: [
        { from, to: utc("2026-03-02T10:00:00Z") },
        { from: utc("2026-03-02T11:00:00Z"), to: now },
      ],
    };
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
    expect(
      referenceQuarantine({
        site: "s",
        timeZone: "UTC",
        now,
        resources: [broken, { ...broken, resourceType: "AuditEvent", recorded: nine }],
        coverage: {},
      }),
    ).toEqual([{ resource: broken, reason: "no-id" }]);
  });
  test("a loop opened before the first coverage of an opening feed is before the watch", () => {
    const loops = scan([critical, report("r", withCritical)], { since: utc("2026-03-02T09:00:01Z") });
    expect(loops.filter((each) => each.signal === "result-unacknowledged").map((each) => each.beforeWatch)).toEqual([true]);
  });
  test("a silent hour is a gap where the four weeks before held twenty each", () => {
    const weeks = [1, 2, 3, 4].flatMap((week) =>
      Array.from({ length: 20 }, (_, index) =>
        audit(`w${week}-${index}`, "read", "Patient/other", {
          recorded: new Date(utc("2026-03-02T10:10:00Z") - week * 604_800_000).toISOString(),
        }),
      ),
    );
    expect(unacknowledged([...missing, ...weeks])).toEqual(["unknown: gap"]);
    expect(unacknowledged([...missing, ...weeks.slice(1)])).toEqual(["missed"]);
  });
});

describe("urgency", () => {
  const limitOf = (resources: readonly unknown[]) =>
    scan(resources)
      .filter((each) => each.signal === "result-unacknowledged")
      .map((each) => (each.dueAt - each.openedAt) / 3_600_000);
  test("what rests on an Observation not held is judged under every urgency", () => {
    const resources = [...elsewhere, observation("other", { value: 4 }), report("r", withCritical)];
    const at = (text: string) => unacknowledged(resources, { now: utc(text) });
    expect([at("2026-03-02T10:00:00Z"), at("2026-03-02T12:00:00Z"), at("2026-03-19T12:00:00Z")]).toEqual([
      ["pending"],
      ["unknown: observation-not-brought"],
      ["unknown: observation-not-brought"],
    ]);
    const ack = audit("a", "verify", "DiagnosticReport/r", { recorded: "2026-03-02T10:30:00Z" });
    expect(unacknowledged([...resources, ack])).toEqual(["met"]);
  });
  test("without an Observation feed a missing Observation rests nothing, and is not normal", () => {
    const { Observation: _observation, ...coverage } = coverAll;
    const contained = [{ resourceType: "Observation", id: "c", interpretation: [{ coding: [{ code: "N" }] }] }];
    const some = report("r", { contained, result: [{ reference: "#c" }, { reference: "Observation/gone" }] });
    const loops = scan([...elsewhere, some], { coverage }).filter((each) => each.subject === "DiagnosticReport/r");
    expect(loops.map((each) => [each.signal, each.verdict, (each.dueAt - each.openedAt) / 3_600_000])).toEqual([
      ["result-unacknowledged", "missed", 336],
    ]);
  });
  test("all urgencies agree on missed where normal cannot be", () => {
    const says = observation("k", { value: 4, interpretation: undefined });
    const resources = [...elsewhere, says, report("r", { result: [{ reference: "Observation/k" }, { reference: "Observation/gone" }] })];
    expect(unacknowledged(resources)).toEqual(["missed"]);
  });
  test("values are judged by unit, comparator, age and range", () => {
    const grown = patient("p", { birthDate: "1950-01-01" });
    const cases = [
      observation("k", { value: 6.5 }),
      observation("k", { value: 6.49 }),
      observation("k", { value: 6.5, comparator: "<" }),
      observation("k", { value: 2, comparator: "<" }),
      observation("k", { value: 2, comparator: ">" }),
      observation("k", { loinc: "15074-8", value: 450.39, unit: "mg/dL" }),
      observation("k", { loinc: "2951-2", value: 125 }),
      observation("k", { value: 7.1, unit: "furlong" }),
      observation("k", { loinc: "14682-9", value: 354, unit: "µmol/L" }),
    ];
    expect(cases.map((each) => limitOf([grown, each, report("r", withCritical)])[0])).toEqual([2, 336, 336, 2, 336, 2, 336, 336, 2]);
    expect(limitOf([observation("k", { loinc: "2951-2", value: 125 }), report("r", withCritical)])).toEqual([2]);
  });
  test("a value inside its range is normal, a comparator only where every value is", () => {
    const referenceRange = [{ low: { value: 3.5 }, high: { value: 5.3 } }];
    const cases = [
      observation("k", { value: 5.3, referenceRange }),
      observation("k", { value: 5.4, referenceRange }),
      observation("k", { value: 5, comparator: "<", referenceRange }),
    ];
    expect(cases.map((each) => limitOf([each, report("r", withCritical)]))).toEqual([[], [336], [336]]);
  });
});
