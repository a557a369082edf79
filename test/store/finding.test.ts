import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { overdueSince, type Finding } from "../../src/domain/finding.ts";
import { commandLineViewer as everyone, type Viewer } from "../../src/domain/viewer.ts";
import type { FindingFilter } from "../../src/store/finding-filter.ts";
import type { Cursor, Page } from "../../src/store/finding-rows.ts";
import { findFinding, listFindings } from "../../src/store/finding.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { scanHospital } from "./scanned-hospital.ts";

interface Expected {
  readonly site: string;
  readonly signal: string;
  readonly subject: string;
  readonly openedAt: string;
  readonly dueAt: string | null;
  readonly metAt: string | null;
  readonly verdict: string;
  readonly reason: string | null;
}

const expected = JSON.parse(readFileSync(new URL("../../fixtures/hospital/expected.json", import.meta.url), "utf8")) as Expected[];
const key = ({ site, signal, subject, openedAt, dueAt, metAt, verdict, reason }: Expected): string =>
  [site, signal, subject, openedAt, dueAt, metAt, verdict, reason].join(" ");
const isFinding = ({ verdict }: Expected): boolean => ["missed", "late", "unknown"].includes(verdict);

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
  await scanHospital(connection);
});
afterAll(() => connection.close());

const list = async (filter: FindingFilter = {}, viewer: Viewer = everyone): Promise<Finding[]> =>
  (await listFindings(connection.db, viewer, filter, { limit: 1000 })).findings;
const subjects = (findings: readonly Finding[]): string[] => [...new Set(findings.map((finding) => finding.subject))].sort();
const one = async (subject: string, signal: string): Promise<Finding> => (await list({ all: true, subject, signals: [signal] }))[0]!;

async function inPages(page: Page, filter: FindingFilter = {}): Promise<Finding[]> {
  const all: Finding[] = [];
  let after: Cursor | undefined;
  do {
    const { findings, next } = await listFindings(connection.db, everyone, filter, { ...page, ...(after && { after }) });
    expect(findings.length).toBeLessThanOrEqual(page.limit);
    all.push(...findings);
    after = next;
  } while (after);
  return all;
}

describe("findings of the fixture hospital", () => {
  it("are with --all the loops expected to be missed, late or unknown, and no others", async () => {
    expect((await list({ all: true })).map(key).sort()).toEqual(expected.filter(isFinding).map(key).sort());
  });

  it("are without it the same but for test patients, all of them open", async () => {
    const findings = await list();
    expect(findings.map(key).sort()).toEqual(
      expected
        .filter((loop) => isFinding(loop) && !loop.subject.endsWith("/test-patient"))
        .map(key)
        .sort(),
    );
    expect(new Set(findings.map((finding) => `${finding.tier} ${finding.status}`))).toEqual(new Set(["worklist open"]));
  });

  it("are of other verdicts where those are asked for", async () => {
    expect((await list({ all: true, verdicts: ["met"] })).map(key).sort()).toEqual(
      expected
        .filter((loop) => loop.verdict === "met")
        .map(key)
        .sort(),
    );
    expect(new Set((await list({ verdicts: ["cancelled"] })).map((finding) => `${finding.verdict} ${finding.status}`))).toEqual(
      new Set(["cancelled resolved"]),
    );
  });

  it("come by due time and id, the same in pages of any size", async () => {
    const all = await list({ all: true });
    const sorted = all.toSorted((a, b) => overdueSince(a) - overdueSince(b) || (a.id < b.id ? -1 : 1));
    expect(all).toEqual(sorted);
    expect(await inPages({ limit: 7 }, { all: true })).toEqual(all);
    expect((await inPages({ limit: all.length }, { all: true })).length).toBe(all.length);
  });

  it("come most urgent first where that is asked for: missed before late before unknown, critical first", async () => {
    const pages = await inPages({ limit: 10, order: "urgency" });
    const verdicts = ["missed", "late", "unknown"];
    const ranks = pages.map(
      ({ verdict, urgency }) => verdicts.indexOf(verdict) * 10 + (urgency === "critical" ? 0 : urgency === "abnormal" ? 1 : 2),
    );
    const ranked = pages.filter(({ urgency }) => urgency !== null);
    expect(ranked.map((finding) => ranks[pages.indexOf(finding)])).toEqual(
      ranked.map((finding) => ranks[pages.indexOf(finding)]).toSorted((a, b) => a! - b!),
    );
    expect(new Set(pages.map((finding) => finding.id)).size).toBe((await list()).length);
  });

  it("carry every field that the design names", async () => {
    const finding = await one("DiagnosticReport/potassium-7-1", "result-unacknowledged");
    expect(finding).toEqual({
      id: finding.id,
      site: "north",
      signal: "result-unacknowledged",
      signalVersion: 1,
      edition: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      explanation:
        "When a final result is issued (2026-03-16 05:52 UTC), it is expected that the result is acknowledged by a person, within 2 hours, by 2026-03-16 07:52 UTC (RCPath KPI); " +
        "instead no record says so up to 2026-03-16 09:00 UTC, 68 minutes after it was due, though the result was viewed once, which by itself closes nothing; " +
        "not excused, as far as is recorded, by a withdrawal, a newer version, an entry in error; " +
        "a record of it in time would clear it, and so would a review that dismisses or closes it.",
      tier: "worklist",
      severity: "high",
      verdict: "missed",
      reason: null,
      status: "open",
      subject: "DiagnosticReport/potassium-7-1",
      case: "ServiceRequest/potassium-7-1",
      title: "Potassium 7.1 mmol/L",
      urgency: "critical",
      priority: null,
      patient: "Patient/potassium-7-1",
      encounter: "Encounter/potassium-7-1",
      team: "PractitionerRole/okoro-acute-unit",
      openedAt: "2026-03-16T05:52:00Z",
      dueAt: "2026-03-16T07:52:00Z",
      metAt: null,
      limit: { duration: "PT2H", basis: "RCPath KPI" },
      coverage: { complete: true, gaps: [] },
      evidence: [
        {
          activity: "result.issued",
          at: "2026-03-16T05:52:00Z",
          actor: null,
          record: "DiagnosticReport/potassium-7-1",
          grade: 3,
          did: "opened",
        },
        {
          activity: "result.viewed",
          at: "2026-03-16T06:30:00Z",
          actor: "Practitioner/achebe",
          record: "AuditEvent/potassium-7-1-read",
          grade: 3,
        },
      ],
      exclusions: [
        { name: "withdrawn", outcome: "not-met" },
        { name: "newer-version", outcome: "not-met" },
        { name: "entered-in-error", outcome: "not-met" },
      ],
      statusReason: null,
      cancellingGaps: [],
      restedOnDeleted: [],
      reviews: 0,
      evidenceLeftOut: 0,
      sealed: false,
    });
  });

  it("begin with the event that opened them, and name what closed them", async () => {
    const findings = await list({ all: true, verdicts: ["missed", "late", "unknown", "met", "pending", "cancelled"] });
    for (const finding of findings) {
      const [first, ...others] = finding.evidence;
      expect([finding.subject, first?.did, first?.at]).toEqual([finding.subject, "opened", finding.openedAt]);
      expect([finding.subject, others.filter((event) => event.did === "closed").length]).toEqual([
        finding.subject,
        finding.metAt === null ? 0 : 1,
      ]);
      expect(others.map((event) => event.at)).toEqual(others.map((event) => event.at).toSorted((a, b) => Date.parse(a) - Date.parse(b)));
    }
  });

  it("name what could not be seen, and an exclusion without data apart from one not met", async () => {
    const task = await one("Task/outage-task", "task-overdue");
    expect(task.coverage).toEqual({
      complete: false,
      gaps: [{ type: "Task", from: "2026-02-05T01:00:00Z", to: "2026-02-05T05:00:00Z", why: "not-covered" }],
    });
    expect(task.exclusions).toContainEqual({ name: "cancelled", outcome: "no-data" });
    expect((await one("ServiceRequest/died-sometime", "order-unresulted")).exclusions).toContainEqual({ name: "died", outcome: "no-data" });
  });

  it("name the patient by their own record where a record names them by a number", async () => {
    expect((await list({ subject: "Task/for-by-identifier", verdicts: ["met"] }))[0]?.patient).toBe("Patient/for-by-identifier");
  });

  it("are found by every filter", async () => {
    const all = await list({ all: true });
    const by = async (filter: FindingFilter, keep: (finding: Finding) => boolean): Promise<void> => {
      const found = await list({ all: true, ...filter });
      expect(found).toEqual(all.filter(keep));
      expect(found.length).toBeGreaterThan(0);
      expect(found.length).toBeLessThan(all.length);
    };
    const due = Date.parse("2026-03-12T12:00:00Z");
    await by({ sites: ["west"] }, ({ site }) => site === "west");
    await by({ signals: ["task-overdue"] }, ({ signal }) => signal === "task-overdue");
    await by({ verdicts: ["late"] }, ({ verdict }) => verdict === "late");
    await by({ urgencies: ["critical"] }, ({ urgency }) => urgency === "critical");
    await by({ teams: ["unassigned"] }, ({ team }) => team === "unassigned");
    await by({ subject: "DiagnosticReport/ct-chest" }, ({ subject }) => subject === "DiagnosticReport/ct-chest");
    await by({ patient: "Patient/ct-chest" }, ({ patient }) => patient === "Patient/ct-chest");
    await by({ dueFrom: due }, (finding) => overdueSince(finding) >= due);
    await by({ dueTo: due }, (finding) => overdueSince(finding) < due);
    await by({ openedFrom: due }, ({ openedAt }) => Date.parse(openedAt) >= due);
    await by({ openedTo: due }, ({ openedAt }) => Date.parse(openedAt) < due);
    expect(await list({ all: true, statuses: ["dismissed"] })).toEqual([]);
    expect(await list({ ids: ["no id", all[3]!.id] })).toEqual([all[3]]);
    expect(await findFinding(connection.db, everyone, all[5]!.id)).toEqual(all[5]);
  });

  it("of a person with two records are found by either", async () => {
    const found = await list({ patient: "Patient/merged-by-number" });
    const other = await connection.db
      .selectFrom("record")
      .select("id")
      .where("type", "=", "Patient")
      .where("id", "like", "merged-by-number%")
      .execute();
    expect(other.length).toBe(2);
    for (const { id } of other) expect(await list({ patient: `Patient/${id}` })).toEqual(found);
    expect(subjects(found)).toEqual(["DiagnosticReport/merged-by-number"]);
  });
});
