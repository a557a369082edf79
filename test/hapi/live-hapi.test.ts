import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { Resource } from "../../fixtures/case.ts";
import { organisation, practitioner } from "../../fixtures/cases/staff.ts";
import { verified } from "../../fixtures/compact/audit.ts";
import { patient } from "../../fixtures/compact/patient.ts";
import { reading, report } from "../../fixtures/compact/report.ts";
import { ref } from "../../fixtures/compact/resource.ts";
import { dueBy, endedAt, order, task, todo } from "../../fixtures/compact/workflow.ts";
import type { Connection } from "../../src/db/connect.ts";
import type { ScanSummary } from "../../src/domain/scan-summary.ts";
import { readCatalogue } from "../../src/signals/catalogue.ts";
import { listLoops } from "../ci-only/scan-folder.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { askHapi, emptyHapi } from "./ask-hapi.ts";
import { countByStatus, loadRecords } from "./load-records.ts";
import { scanHapi } from "./scan-hapi.ts";

const base = inject("hapiBase");
const watched = ["order-unresulted", "result-unacknowledged", "task-overdue"];
const signals = readCatalogue().flatMap(({ signal }) => (watched.includes(signal.id) ? [signal] : []));
const startedAt = Date.now();
/** Today on the ward, for HAPI and we both go by the clock. */
const ago = (hours: number): string => `${new Date(startedAt - hours * 3_600_000).toISOString().slice(0, 16)}Z`;
const ofPatient = (resource: Resource): Resource => ({
  ...resource,
  [resource.resourceType === "Task" ? "for" : "subject"]: ref("Patient/hollis"),
});
const critical = (id: string, hours: number, more: Record<string, unknown> = {}): Resource[] =>
  report(id, ago(hours), "Urea and electrolytes", [reading("potassium", 7.1)], more).map(ofPatient);
const verify = (id: string, hours: number): Resource => verified(`${id}-verify`, ago(hours), `DiagnosticReport/${id}`, "Practitioner/hale");
const chase = task("chase", ago(9), { ...dueBy(ago(6)), ...todo("Repeat the potassium", "Practitioner/hale") });

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
  await emptyHapi(base);
});
afterAll(() => connection.close());

async function put(...resources: Resource[]): Promise<void> {
  expect(Object.keys(countByStatus(await loadRecords(base, resources))).filter((status) => !status.startsWith("20"))).toEqual([]);
}

/** What a scan read for the first time, and the verdicts, by finding id. */
async function scan(): Promise<{ summary: ScanSummary; stored: Record<string, number>; verdicts: Map<string, string> }> {
  const summary = await scanHapi(connection, "live", { signals, since: Date.parse(ago(48)) });
  const loops = await listLoops(connection, "live");
  return {
    summary,
    stored: Object.fromEntries(summary.feeds.filter(({ stored }) => stored > 0).map(({ type, stored }) => [type, stored])),
    verdicts: new Map(loops.map(({ id, signal, subject, verdict }) => [id, `${signal} ${subject} ${verdict}`])),
  };
}

const values = (verdicts: ReadonlyMap<string, string>): string[] => [...verdicts.values()].toSorted();

test("records are added, changed and deleted: the next scan reads those alone, and says so of the same findings", async () => {
  await put(organisation("laboratory", "Blood Sciences"), practitioner("hale", "Miriam", "Hale"));
  await put(patient("hollis", "Vera Hollis, female, 1948-03-02"));
  const results = [
    ...critical("answered", 6),
    ...critical("corrected", 7),
    ...critical("signed-off", 8, { basedOn: [ref("ServiceRequest/done")] }),
  ];
  const orders = ["done", "revoked"].map((id) => order(id, ago(30), "Urea and electrolytes", { priority: "stat" }));
  const tasks = [chase, task("finished", ago(9), { ...todo("Telephone the ward"), ...endedAt(ago(8)) })];
  await put(...results, ...orders.map(ofPatient), ...tasks.map(ofPatient), verify("signed-off", 7));
  const first = await scan();
  expect(first.summary.run).toMatchObject({ nowIs: "server-clock", notes: { failedWindows: [], notOffered: [], serverRemarks: [] } });
  expect(values(first.verdicts)).toEqual([
    "order-unresulted ServiceRequest/done met",
    "order-unresulted ServiceRequest/revoked missed",
    "result-unacknowledged DiagnosticReport/answered missed",
    "result-unacknowledged DiagnosticReport/corrected missed",
    "result-unacknowledged DiagnosticReport/signed-off met",
    "task-overdue Task/chase missed",
    "task-overdue Task/finished met",
  ]);

  const [corrected] = critical("corrected", 7, { status: "entered-in-error" });
  await put(verify("answered", 3), corrected!, ofPatient({ ...chase, ...endedAt(ago(1)) }), ...critical("new", 5));
  expect((await askHapi("DELETE", `${base}/ServiceRequest/revoked`)).status).toBe(200);
  const second = await scan();
  expect(second.stored).toEqual({ AuditEvent: 1, DiagnosticReport: 2, Observation: 1, ServiceRequest: 1, Task: 1 });
  expect(values(second.verdicts)).toEqual([
    "order-unresulted ServiceRequest/done met",
    "order-unresulted ServiceRequest/revoked cancelled",
    "result-unacknowledged DiagnosticReport/answered late",
    "result-unacknowledged DiagnosticReport/corrected cancelled",
    "result-unacknowledged DiagnosticReport/new missed",
    "result-unacknowledged DiagnosticReport/signed-off met",
    "task-overdue Task/chase late",
    "task-overdue Task/finished met",
  ]);
  expect([...first.verdicts.keys()].filter((id) => !second.verdicts.has(id))).toEqual([]);

  const third = await scan();
  expect(third.stored).toEqual({});
  expect(third.verdicts).toEqual(second.verdicts);
});
