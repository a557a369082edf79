import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import type { Finding } from "../../src/domain/finding.ts";
import { commandLineViewer as everyone, type Viewer } from "../../src/domain/viewer.ts";
import type { FindingFilter } from "../../src/store/finding-filter.ts";
import { findFinding, listFindings } from "../../src/store/finding.ts";
import { countFindings } from "../../src/store/held-back.ts";
import { settleStandings } from "../../src/store/settle-standing.ts";
import { listUnknowns } from "../../src/store/unknown.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { scanHospital } from "./scanned-hospital.ts";

const clinician: Viewer = { person: "c", role: "clinician", sites: ["north"], teams: ["Organization/medicine"], mayReadRestricted: false };

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
  await scanHospital(connection);
});
afterAll(() => connection.close());

const list = async (filter: FindingFilter = {}, viewer: Viewer = everyone): Promise<Finding[]> =>
  (await listFindings(connection.db, viewer, filter, { limit: 1000 })).findings;
const subjects = (findings: readonly Finding[]): string[] => [...new Set(findings.map((finding) => finding.subject))].sort();

describe("a viewer", () => {
  it("who is a clinician sees their sites, their teams' findings and those of no team", async () => {
    const all = await list();
    const mine = all.filter(
      ({ site, team, subject }) =>
        site === "north" && ["Organization/medicine", "unassigned"].includes(team) && !subject.endsWith("/restricted"),
    );
    expect(await list({}, clinician)).toEqual(mine);
    expect(await list({ all: true, subject: "DiagnosticReport/potassium-7-1" }, clinician)).toEqual([]);
  });

  it("who may not read restricted records is shown none, by no way, and told how many", async () => {
    const [restricted] = await list({ subject: "DiagnosticReport/restricted" });
    const viewer = { ...everyone, mayReadRestricted: false };
    expect(await list({ all: true }, viewer)).toEqual(
      (await list({ all: true })).filter(({ subject }) => !subject.endsWith("/restricted")),
    );
    expect(await findFinding(connection.db, viewer, restricted!.id)).toBeUndefined();
    expect(await list({ patient: "Patient/restricted" }, viewer)).toEqual([]);
    expect((await countFindings(connection.db, viewer, {})).restricted).toBe(1);
    expect((await countFindings(connection.db, everyone, {})).restricted).toBe(0);
  });

  it("sees the tiers of their role, and never the acting person of a surveillance signal", async () => {
    const tier = async (name: string): Promise<void> => {
      await connection.db
        .updateTable("signal_version")
        .set({ definition: JSON.stringify({ ...definition, tier: name }) })
        .where("signal", "=", "result-unacknowledged")
        .where("site_id", "=", 1)
        .execute();
      const loops = await connection.db.selectFrom("loop").select("loop_id").where("site_id", "=", 1).execute();
      await settleStandings(connection.db, 1, { loopIds: loops.map(({ loop_id }) => loop_id) });
    };
    const { definition } = await connection.db
      .selectFrom("signal_version")
      .select("definition")
      .where("signal", "=", "result-unacknowledged")
      .where("site_id", "=", 1)
      .executeTakeFirstOrThrow();
    const filter: FindingFilter = { all: true, subject: "DiagnosticReport/potassium-7-1", signals: ["result-unacknowledged"] };
    const seenBy = async (role: Viewer["role"]): Promise<unknown> =>
      (await list(filter, { ...everyone, role })).map((finding) => finding.evidence[1]?.actor);
    try {
      await tier("surveillance");
      expect([await seenBy("clinician"), await seenBy("safety"), await seenBy("informatics")]).toEqual([[], [null], [null]]);
      expect(await list({ ...filter, all: false })).toEqual([]);
      await tier("experimental");
      expect([await seenBy("clinician"), await seenBy("safety"), await seenBy("informatics")]).toEqual([[], [], ["Practitioner/achebe"]]);
    } finally {
      await tier("worklist");
    }
  });
});

describe("the counts of findings", () => {
  it("are those of all pages, and of what is left out", async () => {
    const findings = await list();
    const count = (verdict: string): number => findings.filter((finding) => finding.verdict === verdict).length;
    expect(await countFindings(connection.db, everyone, {})).toEqual({
      byVerdict: { missed: count("missed"), late: count("late"), unknown: count("unknown") },
      unassigned: findings.filter(({ team }) => team === "unassigned").length,
      restricted: 0,
      testPatients: (await list({ all: true, subject: "DiagnosticReport/test-patient" })).length,
    });
  });

  it("leave out test patients that the configuration lists, under any of their names", async () => {
    const testPatients = [{ site: "north", name: "Patient/ct-chest" }];
    const before = await countFindings(connection.db, everyone, {});
    expect(subjects(await list({ testPatients }))).toEqual(subjects(await list()).filter((subject) => !subject.endsWith("/ct-chest")));
    expect((await countFindings(connection.db, everyone, { testPatients })).testPatients).toBe(before.testPatients + 2);
  });
});

describe("what nobody can judge", () => {
  it("is one line a cause, which add up to the unknown findings", async () => {
    const lines = await listUnknowns(connection.db, everyone, {});
    expect(lines.reduce((total, line) => total + line.count, 0)).toBe((await list({ verdicts: ["unknown"] })).length);
    expect(lines.filter((line) => line.reason === "never-seen").map(({ site, signal, count }) => [site, signal, count])).toEqual([
      ["south", "result-unacknowledged", 4],
      ["south", "task-overdue", 1],
    ]);
    const outage = lines.find((line) => line.signal === "task-overdue" && line.reason === "gap");
    expect(outage?.gap).toEqual({
      types: ["Task"],
      why: ["not-covered"],
      from: Date.parse("2026-02-05T01:00:00Z"),
      to: Date.parse("2026-02-05T05:00:00Z"),
    });
    const without = await listUnknowns(connection.db, everyone, { testPatients: [{ site: "north", name: "Patient/outage-task" }] });
    expect(without).toEqual(lines.filter((line) => line !== outage));
    expect(await listUnknowns(connection.db, { ...everyone, sites: ["west"] }, {})).toEqual(lines.filter((line) => line.site === "west"));
  });
});
