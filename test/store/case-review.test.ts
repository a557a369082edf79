import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import type { Step } from "../../src/domain/status.ts";
import { commandLineViewer as everyone } from "../../src/domain/viewer.ts";
import { listCases } from "../../src/store/case.ts";
import { recordReview, type NewReview } from "../../src/store/review.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { hospitalNow, scanInto } from "./scanned-hospital.ts";
import { observation, order, patient, report, task, verify, wardFolder } from "./small-ward.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());

/** Somebody has verified something here, so that what is not verified is missed. */
const somebodyVerifies = [patient("v"), report("v"), observation("v", "HH"), verify("v", "2026-03-01T09:10:00Z")];
const record = (of: NewReview["of"], step: Step, more: Partial<NewReview> = {}) =>
  recordReview(connection.db, everyone, { of, step, at: hospitalNow, id: randomUUID(), ...more });
const scan = (site: string, folder: string) => scanInto(connection, site, { folder, since: Date.parse("2026-02-01T00:00:00Z") });

describe("a case", () => {
  const number = { system: "https://lab.example/number", value: "17" };
  const subject = { subject: { reference: "Patient/a" } };
  const basedOn = { basedOn: [{ reference: "ServiceRequest/o" }] };
  const whole = [
    ...somebodyVerifies,
    patient("a"),
    order("o", subject),
    // Reported after a day: the order itself was late.
    report("a", {
      ...basedOn,
      identifier: [number],
      issued: "2026-03-02T09:00:00Z",
      meta: { versionId: "1", lastUpdated: "2026-03-02T09:00:00Z" },
    }),
    observation("a", "HH"),
    task("t", { for: { reference: "Patient/a" }, focus: { identifier: number } }),
    task("done", { status: "completed", for: { reference: "Patient/v" }, executionPeriod: { end: "2026-03-01T10:10:00Z" } }),
  ];
  const cases = async (site: string, viewer = everyone) => (await listCases(connection.db, viewer, { sites: [site] }, { limit: 10 })).cases;

  it("is an order with its report and the Task on that (which names it by number), in one row, reviewed at once", async () => {
    await scan("case", wardFolder(whole));
    const [only, ...others] = await cases("case");
    expect(others).toEqual([]);
    expect([only?.key, only?.status]).toEqual(["ServiceRequest/o", "open"]);
    const members = [
      "DiagnosticReport/a critical-uncommunicated",
      "DiagnosticReport/a result-unacknowledged",
      "ServiceRequest/o order-unresulted",
      "Task/t task-overdue",
    ];
    expect(only?.findings.map((finding) => `${finding.subject} ${finding.signal}`).sort()).toEqual(members);
    expect(new Set(only?.findings.map((finding) => finding.case))).toEqual(new Set(["ServiceRequest/o"]));

    const taken = await record({ case: "ServiceRequest/o", site: "case" }, "take");
    expect(taken.map(({ subject: record, signal, status }) => `${record} ${signal} ${status}`).sort()).toEqual(
      members.map((member) => `${member} in-review`),
    );
    expect((await cases("case"))[0]?.status).toBe("in-review");
    await record({ case: "Task/t", site: "case" }, "dismiss", { reason: "a duplicate" });
    expect(await cases("case")).toEqual([]);
    await record({ case: "ServiceRequest/o", site: "case" }, "reopen");
    expect((await cases("case"))[0]?.findings.length).toBe(4);
  });

  it("with a finding dismissed by itself holds the others", async () => {
    await scan("partly", wardFolder(whole));
    const late = (await cases("partly"))[0]!.findings.find((finding) => finding.signal === "task-overdue")!;
    await record({ loopIds: [late.id] }, "dismiss", { reason: "a duplicate" });
    expect((await cases("partly"))[0]?.findings.length).toBe(3);
    const confirmed = await record({ case: "ServiceRequest/o", site: "partly" }, "confirm");
    expect(confirmed.map(({ signal, status }) => `${signal} ${status}`).sort()).toEqual([
      "critical-uncommunicated confirmed",
      "order-unresulted confirmed",
      "result-unacknowledged confirmed",
      "task-overdue dismissed",
    ]);
  });
});
