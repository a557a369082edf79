import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { commandLineViewer } from "../../src/domain/viewer.ts";
import { readCatalogue } from "../../src/signals/catalogue.ts";
import { listFindings } from "../../src/store/finding.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { scanResources, type SmallScan } from "./scan-resources.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());
beforeEach(() => truncateAll(connection.db));

const signals = readCatalogue().flatMap(({ signal }) => (signal.sequence ? [signal] : []));
const days = [["2026-02-01T00:00:00Z", "2026-04-01T00:00:00Z"] as const];
const coverage = { Task: days, AuditEvent: days, DiagnosticReport: days };

const ofOwner = (version: number, day: number, owner: string) => ({
  resourceType: "Task",
  id: "bounced",
  meta: { versionId: String(version), lastUpdated: `2026-03-0${day}T09:00:00Z` },
  status: "requested",
  intent: "order",
  authoredOn: "2026-03-01T09:00:00Z",
  for: { reference: "Patient/p" },
  owner: { reference: `Practitioner/${owner}` },
});
const report = {
  resourceType: "DiagnosticReport",
  id: "r",
  meta: { versionId: "1", lastUpdated: "2026-03-02T09:00:00Z" },
  status: "final",
  category: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/v2-0074", code: "LAB" }] }],
  code: { text: "Potassium" },
  subject: { reference: "Patient/p" },
  issued: "2026-03-02T09:00:00Z",
};
const audit = (id: string, subtype: string, start: string, end: string, on = "DiagnosticReport/r") => ({
  resourceType: "AuditEvent",
  id,
  type: { system: "http://terminology.hl7.org/CodeSystem/audit-event-type", code: "rest" },
  subtype: [{ system: "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle", code: subtype }],
  action: "R",
  recorded: end,
  period: { start, end },
  outcome: "0",
  agent: [{ requestor: true, who: { reference: "Practitioner/doctor" } }],
  entity: [{ what: { reference: on } }],
});
const acknowledged = audit("ack", "verify", "2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z");
const viewed = audit("view", "access", "2026-03-02T09:59:00Z", "2026-03-02T13:00:00Z");
const elsewhere = audit("other", "access", "2026-03-02T09:59:00Z", "2026-03-02T09:59:30Z", "DiagnosticReport/other");

async function scan(more: SmallScan): Promise<string[]> {
  const { signals: counted } = await scanResources(connection, { now: "2026-03-20T00:00:00Z", coverage, signals, ...more });
  const { findings } = await listFindings(connection.db, commandLineViewer, { all: true }, { limit: 50 });
  expect(counted.reduce((sum, each) => sum + each.occurred, 0)).toBe(findings.filter(({ verdict }) => verdict === "occurred").length);
  return findings.map(({ signal, subject, verdict, reason, openedAt, dueAt, metAt }) =>
    [signal, subject, verdict, reason ?? "", openedAt, dueAt ?? "-", metAt ?? "-"].filter(Boolean).join(" "),
  );
}

describe("a sequence", () => {
  const bounced = "task-bounced Task/bounced occurred 2026-03-02T09:00:00Z - -";
  const versions = [ofOwner(1, 1, "a"), ofOwner(2, 2, "b"), ofOwner(3, 4, "c"), ofOwner(4, 6, "d")];

  test("has occurred once its last step comes, in a scan days after the first, and stays so in a rebuild", async () => {
    expect(await scan({ resources: versions.slice(0, 3), now: "2026-03-05T00:00:00Z" })).toEqual([]);
    expect(await scan({ resources: versions.slice(3) })).toEqual([bounced]);
    await connection.db.deleteFrom("loop").execute();
    await connection.db.deleteFrom("loop_count").execute();
    await sql`update site set judged_with = null`.execute(connection.db);
    expect(await scan({})).toEqual([bounced]);
  });

  test("is the same whichever step is read last", async () => {
    expect(await scan({ resources: versions.toReversed().slice(0, 2) })).toEqual([]);
    expect(await scan({ resources: versions.slice(0, 2) })).toEqual([bounced]);
  });

  test("without something is one only where that was ever seen here", async () => {
    const said = (verdict: string) => `acknowledged-unviewed DiagnosticReport/r ${verdict} 2026-03-02T10:00:00Z - -`;
    expect(await scan({ resources: [report, acknowledged] })).toEqual([said("unknown never-seen")]);
    expect(await scan({ resources: [{ ...report, id: "other" }, elsewhere] })).toEqual([said("occurred")]);
    // It began before the acknowledgement and ended long after it.
    expect(await scan({ resources: [viewed] })).toEqual([]);
    expect(await scan({ resources: [{ ...viewed, outcome: "8", meta: { lastUpdated: "2026-03-03T00:00:00Z" } }] })).toEqual([
      said("occurred"),
    ]);
  });

  test("is unknown while the audit trail before it was not read", async () => {
    const holes = { ...coverage, AuditEvent: [days[0], ["2026-03-02T09:30:00Z", "2026-04-01T00:00:00Z"]].slice(1) as typeof days };
    const resources = [report, acknowledged, elsewhere, { ...report, id: "other" }];
    expect(await scan({ resources, coverage: holes })).toEqual([
      "acknowledged-unviewed DiagnosticReport/r unknown gap 2026-03-02T10:00:00Z - -",
    ]);
    expect(await scan({ resources: [report], coverage })).toEqual([
      "acknowledged-unviewed DiagnosticReport/r occurred 2026-03-02T10:00:00Z - -",
    ]);
  });
});
