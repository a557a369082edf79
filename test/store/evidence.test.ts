import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import type { Finding } from "../../src/domain/finding.ts";
import { recordKey } from "../../src/domain/key.ts";
import { commandLineViewer as everyone } from "../../src/domain/viewer.ts";
import type { FindingFilter } from "../../src/store/finding-filter.ts";
import { listFindings } from "../../src/store/finding.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { scanInto } from "./scanned-hospital.ts";
import { observation, order, patient, report, task, verify, wardFolder } from "./small-ward.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());

const since = Date.parse("2026-02-01T00:00:00Z");
const list = async (filter: FindingFilter, viewer = everyone): Promise<Finding[]> =>
  (await listFindings(connection.db, viewer, { all: true, ...filter }, { limit: 100 })).findings;

describe("the evidence on a finding", () => {
  it("ends when its site was judged, though another site on the page was judged later", async () => {
    const records = [patient("a"), report("a"), observation("a", "HH"), verify("a", "2026-03-05T09:00:00Z")];
    const others = [patient("v"), report("v"), observation("v", "HH"), verify("v", "2026-03-01T09:10:00Z")];
    const folder = wardFolder([...records, ...others]);
    await scanInto(connection, "early", { folder, since, now: Date.parse("2026-03-02T09:00:00Z") });
    await scanInto(connection, "later", { folder, since });
    const found = await list({ signals: ["result-unacknowledged"], subject: "DiagnosticReport/a" });
    expect(found.map(({ site, verdict, evidence }) => [site, verdict, evidence.map((event) => event.activity)]).sort()).toEqual([
      ["early", "missed", ["result.issued"]],
      ["later", "late", ["result.issued", "result.acknowledged"]],
    ]);
  });

  it("holds what closed it however long before it opened that was", async () => {
    const basedOn = { basedOn: [{ reference: "ServiceRequest/o" }] };
    const records = [
      patient("a"),
      report("a", basedOn),
      observation("a", "HH"),
      order("o", { subject: { reference: "Patient/a" }, authoredOn: "2026-03-09T09:00:00Z" }),
    ];
    await scanInto(connection, "written-later", { folder: wardFolder(records), since });
    const [met] = await list({ sites: ["written-later"], signals: ["order-unresulted"], verdicts: ["met"] });
    expect(met?.evidence.map(({ activity, at, did }) => [activity, at, did])).toEqual([
      ["order.placed", "2026-03-09T09:00:00Z", "opened"],
      ["order.resulted", "2026-03-01T09:00:00Z", "closed"],
    ]);
  });
});

describe("the case of a finding", () => {
  const identifier = [{ system: "https://lab.example/number", value: "17" }];
  const byNumber = { for: { reference: "Patient/a" }, focus: { identifier: identifier[0] } };

  it("is found through an identifier that one record bears, and not through one that two bear", async () => {
    const folder = wardFolder([patient("a"), report("a", { identifier }), observation("a", "HH"), task("t", byNumber)]);
    await scanInto(connection, "numbered", { folder, since });
    const caseOf = async (): Promise<string | undefined> =>
      (await list({ sites: ["numbered"], subject: "Task/t", verdicts: ["missed", "unknown"] }))[0]?.case;
    expect(await caseOf()).toBe("DiagnosticReport/a");
    await scanInto(connection, "numbered", {
      folder: wardFolder([patient("b"), report("b", { identifier }), observation("b", "HH")]),
      since,
    });
    expect(await caseOf()).toBe("Task/t");
  });
});

describe("a finding of a person who is restricted under another id", () => {
  it("is restricted", async () => {
    const restricted = { meta: { security: [{ system: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", code: "R" }] } };
    // Their loops live under the least of their keys: the label must be on another.
    const greater = ["b", "c", "d", "e", "f", "g", "h"].find(
      (name) => recordKey("two-ids", `Patient/${name}`) > recordKey("two-ids", "Patient/a"),
    )!;
    const other = patient(greater, {
      ...restricted,
      link: [{ other: { reference: "Patient/a" }, type: "replaces" }],
    });
    await scanInto(connection, "two-ids", { folder: wardFolder([patient("a"), report("a"), observation("a", "HH"), other]), since });
    const filter = { sites: ["two-ids"], signals: ["result-unacknowledged"] };
    expect((await list(filter)).map(({ subject }) => subject)).toEqual(["DiagnosticReport/a"]);
    expect(await list(filter, { ...everyone, mayReadRestricted: false })).toEqual([]);
  });
});
