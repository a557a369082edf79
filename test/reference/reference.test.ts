import { describe, expect, test } from "vitest";
import { audit, communication, observation, order, report, task, utc } from "./resources.ts";
import { critical, elsewhere, nine, scan, unacknowledged, uncommunicated, withCritical } from "./scanning.ts";

describe("result-unacknowledged", () => {
  test("a critical result that nobody acknowledges within two hours is missed", () => {
    const loop = scan([...elsewhere, critical, report("r", withCritical)]).find(
      (each) => each.subject === "DiagnosticReport/r" && each.signal === "result-unacknowledged",
    );
    expect(loop).toEqual({
      signal: "result-unacknowledged",
      subject: "DiagnosticReport/r",
      openedAt: utc(nine),
      dueAt: utc("2026-03-02T11:00:00Z"),
      metAt: null,
      verdict: "missed",
      reason: null,
      beforeWatch: false,
      opening: "result.issued",
      patient: "Patient/p",
    });
  });
  test("an acknowledgement at the due instant is met, a second later late", () => {
    const seen = (recorded: string) =>
      unacknowledged([...elsewhere, critical, report("r", withCritical), audit("a", "verify", "DiagnosticReport/r", { recorded })]);
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
    const deletion = {
      resourceType: "DiagnosticReport",
      id: "r",
      deleted: true,
      meta: { versionId: "2", lastUpdated: "2026-03-05T00:00:00Z" },
    };
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
    expect([seen("2026-03-02T10:00:00Z"), seen("2026-03-02T12:00:00Z")]).toEqual([
      ["cancelled", "missed"],
      ["missed", "missed"],
    ]);
  });
  test("an amended version that kept its issued time opens at its lastUpdated", () => {
    const amended = report("r", { ...withCritical, status: "amended", version: 2, lastUpdated: "2026-03-03T08:00:00Z" });
    const opened = scan([critical, report("r", withCritical), amended])
      .filter((each) => each.signal === "result-unacknowledged")
      .map((each) => each.openedAt);
    expect(opened).toEqual([utc(nine), utc("2026-03-03T08:00:00Z")]);
  });
  test("a newer version without news opens nothing, nor does a final after the first amended", () => {
    const amended = report("r", {
      ...withCritical,
      status: "amended",
      version: 2,
      issued: "2026-03-03T08:00:00Z",
      lastUpdated: "2026-03-03T08:00:00Z",
    });
    const again = { ...amended, meta: { versionId: "3", lastUpdated: "2026-03-04T08:00:00Z" }, encounter: { reference: "Encounter/e" } };
    const final = report("r", { ...withCritical, version: 4, conclusion: "new", lastUpdated: "2026-03-05T08:00:00Z" });
    expect(unacknowledged([...elsewhere, critical, report("r", withCritical), amended, again, final])).toEqual(["missed", "missed"]);
  });
  test("a final version after the first amended one, seen late, opens nothing", () => {
    const amended = report("r", { ...withCritical, status: "amended", version: 2 });
    const final = report("r", { ...withCritical, version: 3, issued: "2026-03-03T08:00:00Z", lastUpdated: "2026-03-03T08:00:00Z" });
    expect(unacknowledged([...elsewhere, critical, amended, final])).toEqual(["missed"]);
  });
  test("a review Task closes up to five minutes early, for the first opening only", () => {
    const review = (lastModified: string) =>
      task("t", { focus: { reference: "DiagnosticReport/r" }, status: "completed", authoredOn: "2026-03-02T08:00:00Z", lastModified });
    const seen = (lastModified: string, ...more: unknown[]) =>
      unacknowledged([...elsewhere, critical, report("r", withCritical), review(lastModified), ...more]);
    const amended = report("r", {
      ...withCritical,
      status: "amended",
      version: 2,
      issued: "2026-03-02T12:00:00Z",
      lastUpdated: "2026-03-02T12:00:00Z",
    });
    expect([seen("2026-03-02T08:55:00Z"), seen("2026-03-02T08:54:59Z"), seen("2026-03-02T11:58:00Z", amended)]).toEqual([
      ["met"],
      ["missed"],
      ["late", "missed"],
    ]);
  });
  test("the laboratory's own verify does not count, unless it is the requester's", () => {
    const lab = { performer: [{ reference: "Practitioner/d" }], basedOn: [{ reference: "ServiceRequest/o" }] };
    const verify = audit("a", "verify", "DiagnosticReport/r", { recorded: "2026-03-02T10:00:00Z" });
    const resources = [...elsewhere, critical, report("r", { ...withCritical, ...lab }), verify];
    expect(unacknowledged(resources)).toEqual(["missed"]);
    expect(unacknowledged([...resources, order("o", { requester: { reference: "Practitioner/d" } })])).toEqual(["met"]);
  });
  test("a role of the performing organisation is the laboratory's own once it is read", () => {
    const role = {
      resourceType: "PractitionerRole",
      id: "x",
      practitioner: { reference: "Practitioner/d" },
      organization: { reference: "Organization/lab" },
    };
    const resources = [
      ...elsewhere,
      critical,
      report("r", { ...withCritical, performer: [{ reference: "Organization/lab" }] }),
      audit("a", "verify", "DiagnosticReport/r", { recorded: "2026-03-02T10:00:00Z" }),
    ];
    expect([unacknowledged(resources), unacknowledged([...resources, role])]).toEqual([["met"], ["missed"]]);
  });
  test("a Task completed by a machine counts as nobody's", () => {
    const review = task("t", {
      focus: { reference: "DiagnosticReport/r" },
      status: "completed",
      authoredOn: "2026-03-02T08:00:00Z",
      lastModified: "2026-03-02T10:00:00Z",
      lastUpdated: "2026-03-02T10:00:00Z",
    });
    const machine = {
      ...audit("m", "update", "Task/t", { recorded: "2026-03-02T10:01:00Z", action: "U" }),
      agent: [{ who: { reference: "Device/rpa" }, requestor: true }],
    };
    expect([
      unacknowledged([...elsewhere, critical, report("r", withCritical), review]),
      unacknowledged([...elsewhere, critical, report("r", withCritical), review, machine]),
    ]).toEqual([["met"], ["missed"]]);
  });
  test("an upper bound after due is unknown, before due met", () => {
    const review = (lastUpdated: string, version: number) =>
      task("t", {
        focus: { reference: "DiagnosticReport/r" },
        status: "completed",
        authoredOn: "2026-03-02T08:00:00Z",
        lastUpdated,
        version,
      });
    const seen = (lastUpdated: string, version: number) =>
      unacknowledged([...elsewhere, critical, report("r", withCritical), review(lastUpdated, version)]);
    expect([seen("2026-03-02T10:59:00Z", 3), seen("2026-03-02T12:00:00Z", 3), seen("2026-03-02T12:00:00Z", 1)]).toEqual([
      ["met"],
      ["unknown: time-not-recorded"],
      ["late"],
    ]);
  });
  test("an emergency encounter gives two days to what is not critical", () => {
    const encounter = {
      resourceType: "Encounter",
      id: "e",
      class: { code: "AMB" },
      classHistory: [{ class: { code: "EMER" }, period: { start: "2026-03-02T08:00:00Z", end: "2026-03-02T12:00:00Z" } }],
    };
    const loops = scan([
      observation("k", { value: 5.5, interpretation: "H" }),
      encounter,
      report("r", { ...withCritical, encounter: { reference: "Encounter/e" } }),
    ]);
    expect(loops.filter((each) => each.signal === "result-unacknowledged").map((each) => each.dueAt)).toEqual([
      utc("2026-03-04T09:00:00Z"),
    ]);
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
    const seen = (value: number, interpretation?: string) =>
      uncommunicated([critical, report("r", withCritical), told, observation("k2", { value, interpretation }), later]);
    const meanwhile = report("r2", { issued: "2026-03-02T09:30:00Z", result: [{ reference: "Observation/k2" }] });
    expect(uncommunicated([critical, report("r", withCritical), told, observation("k2", { value: 7.1 }), meanwhile])).toEqual([
      "met",
      "missed",
    ]);
    expect([seen(7.1), seen(7.2), seen(5, "HH")]).toEqual([["met"], ["met", "missed"], ["met", "missed"]]);
  });
});
