import { setTimeout } from "node:timers/promises";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { summaryJson } from "../../src/domain/summary-json.ts";
import { notSeen } from "../../src/insight/not-seen.ts";
import { readSummary } from "../../src/store/run.ts";
import { observation, report, task, verify } from "../store/small-ward.ts";
import { startDisturbingProxy } from "./disturbing-proxy.ts";
import { listVerdicts } from "./scan-resources.ts";
import { creditOf, scanServer, type ServerScan } from "./scan-server.ts";
import { connection, failedWindowsOf, proxy, scanProxy, serveBehindProxy } from "./served-behind-proxy.ts";
import { serveWard } from "./served-ward.ts";

serveBehindProxy();

const since = "2026-02-01T00:00:00Z";
const scan = (more: Partial<ServerScan> = {}) => scanProxy({ since, ...more });
const at = (lastUpdated: string, versionId = "1"): object => ({ meta: { versionId, lastUpdated } });
const audit = (id: string, time: string): object => ({ ...verify(id, time), ...at(time) });

const outage = [
  ["2000-01-01T00:00:00Z", "2026-02-20T03:00:00Z"],
  ["2026-02-20T05:00:00Z", "2100-01-01T00:00:00Z"],
] as const;

test("a window that is withheld is a gap just there, is asked for again first, and once it is given the verdict is decided", async () => {
  // Issued an hour before the outage and due within it; acknowledged in the middle of it.
  const issued = { issued: "2026-02-20T02:30:00Z", ...at("2026-02-20T02:30:00Z") };
  const ward = [report("k", issued), observation("k", "HH"), audit("k", "2026-02-20T04:00:00Z"), audit("other", "2026-02-10T04:00:00Z")];
  const now = "2026-03-02T00:00:00Z";
  await serveWard(proxy, ward, { at: now, coverage: { AuditEvent: outage } });
  const blind = await scan();
  expect(blind.run.state).toBe("incomplete");
  expect(failedWindowsOf(blind)).toEqual(["AuditEvent 2026-02-20T03:00 2026-02-20T05:00 answered HTTP 500 (exception)"]);
  expect(await creditOf(connection, "AuditEvent")).toEqual(["2026-02-01T00:00 2026-02-20T03:00", "2026-02-20T05:00 2026-03-02T00:00"]);
  expect(await listVerdicts(connection, "result-unacknowledged")).toEqual(["k unknown gap 2026-02-20T04:30:00.000Z"]);

  proxy.forget();
  expect(failedWindowsOf(await scan())).toEqual(failedWindowsOf(blind));
  const [first] = proxy.asked.filter((path) => path.startsWith("AuditEvent"));
  expect(decodeURIComponent(first ?? "")).toContain("_lastUpdated=ge2026-02-20T03:00:00.000Z&_lastUpdated=lt2026-02-20T05:00:00.000Z");

  await serveWard(proxy, ward, { at: now });
  const seen = await scan();
  expect([seen.run.state, failedWindowsOf(seen)]).toEqual(["complete", []]);
  expect(await creditOf(connection, "AuditEvent")).toEqual(["2026-02-01T00:00 2026-03-02T00:00"]);
  expect(await listVerdicts(connection, "result-unacknowledged")).toEqual(["k met 2026-02-20T04:30:00.000Z"]);
});

test.each<[length: string, from: string, to: string, ...gaps: string[]]>([
  ["a minute", "2026-02-09T13:07", "2026-02-09T13:08", "2026-02-09T13:07 2026-02-09T13:08"],
  ["half an hour", "2026-02-20T03:17", "2026-02-20T03:48", "2026-02-20T03:17 2026-02-20T03:48"],
  ["nine days", "2026-02-03T11:59", "2026-02-12T07:01", "2026-02-03T11:59 2026-02-12T07:01"],
  ["all the time from an instant on", "2026-02-15T10:10", "2100-01-01T00:00", "2026-02-15T10:10 2026-03-02T00:00"],
])("an outage of %s is a gap to the minute, and is found with few questions", async (_, from, to, ...gaps) => {
  const given = [
    ["2000-01-01T00:00:00Z", `${from}:00Z`],
    [`${to}:00Z`, "2100-01-01T00:00:00Z"],
  ] as const;
  await serveWard(proxy, [audit("k", "2026-02-10T04:00:00Z")], { at: "2026-03-02T00:00:00Z", coverage: { AuditEvent: given } });
  expect(failedWindowsOf(await scan())).toEqual(gaps.map((gap) => `AuditEvent ${gap} answered HTTP 500 (exception)`));
  // Of the 5,760 minutes of each window: 13 halvings to where it begins, and as many for each longer piece to where it ends.
  expect(proxy.asked.filter((path) => path.startsWith("AuditEvent")).length).toBeLessThan(4 * 13 * 13);
});

test("where everything was asked for and the oldest cannot be told, an outage still hides only itself", async () => {
  const ward = [audit("k", "2026-02-10T04:00:00Z"), audit("l", "2026-02-25T04:00:00Z")];
  await serveWard(proxy, ward, { at: "2026-03-02T00:00:00Z", coverage: { AuditEvent: outage } });
  const summary = await scanServer(connection, { url: proxy.url, clock: proxy.clock });
  expect(failedWindowsOf(summary)).toEqual(["AuditEvent 2026-02-20T03:00 2026-02-20T05:00 answered HTTP 500 (exception)"]);
  expect(summary.feeds.find(({ type }) => type === "AuditEvent")).toMatchObject({ read: 2, stored: 2 });
  expect(await creditOf(connection, "AuditEvent")).toEqual(["2026-02-10T04:00 2026-02-20T03:00", "2026-02-20T05:00 2026-03-02T00:00"]);
});

test("where everything was asked for, what has no beginning and is not given is told to people and to programs", async () => {
  const coverage = { AuditEvent: [], Task: [["0001-01-01T00:00:00Z", "2100-01-01T00:00:00Z"] as const] };
  const offers = ["AuditEvent", "Task"];
  await serveWard(proxy, [audit("k", "2026-02-10T04:00:00Z")], { at: "2026-03-02T00:00:00Z", coverage, offers });
  const { run } = await scanServer(connection, { url: proxy.url, clock: proxy.clock });
  // As it was kept, for no JSON holds an infinite number.
  const summary = (await readSummary(connection.db, run.id))!;
  expect(summaryJson(summary).run.notes.failedWindows).toEqual([
    { source: "server", type: "AuditEvent", from: null, to: "2026-03-02T00:00:00.000Z", reason: "answered HTTP 500 (exception)" },
  ]);
  expect(notSeen(summary, [])).toContain(
    "Source server: the server answered HTTP 500 (exception), when asked for AuditEvent (all up to 2026-03-02 00:00 UTC). It is asked again by the next scan.",
  );
});

test("the allowed lag is taken off before a failed window too: what it held may have happened so long before", async () => {
  await serveWard(proxy, [audit("k", "2026-02-10T04:00:00Z")], { at: "2026-03-02T00:00:00Z", coverage: { AuditEvent: outage } });
  await scan({ lagMs: 3_600_000 });
  expect(await creditOf(connection, "AuditEvent")).toEqual(["2026-02-01T00:00 2026-02-20T02:00", "2026-02-20T05:00 2026-03-01T23:00"]);
});

test("of records that change, nothing before a window that was never given is credited: what changed in it may be the closing of long before", async () => {
  // The review was done in time; then somebody filed the Task, in the outage.
  const issued = { issued: "2026-02-10T09:00:00Z", ...at("2026-02-10T09:00:00Z") };
  const done = {
    focus: { reference: "DiagnosticReport/k" },
    authoredOn: "2026-02-10T09:05:00Z",
    code: { coding: [{ system: "http://hl7.org/fhir/CodeSystem/task-code", code: "approve" }] },
  };
  const review = (lastUpdated: string, version: string, status: string): object =>
    task("t", { ...done, status, lastModified: lastUpdated, ...at(lastUpdated, version) });
  const ward = [
    report("k", issued),
    observation("k", "HH"),
    audit("other", "2026-02-09T04:00:00Z"),
    review("2026-02-20T04:00:00Z", "3", "completed"),
  ];
  const now = "2026-03-02T00:00:00Z";
  await serveWard(proxy, ward, { at: now, coverage: { Task: outage } });
  await scan();
  expect(await creditOf(connection, "Task")).toEqual(["2026-02-20T05:00 2026-03-02T00:00"]);
  expect(await listVerdicts(connection, "result-unacknowledged")).toEqual(["k unknown gap 2026-02-10T11:00:00.000Z"]);
  await serveWard(proxy, ward, { at: now });
  await scan();
  expect(await creditOf(connection, "Task")).toEqual(["2026-02-01T00:00 2026-03-02T00:00"]);
});

test("once all was read up to an instant, a window after it that fails takes back nothing from before it, of records that change either", async () => {
  const ward = [task("t", at("2026-02-15T10:00:00Z")), audit("k", "2026-02-10T04:00:00Z")];
  await serveWard(proxy, ward, { at: "2026-02-20T00:00:00Z" });
  await scan();
  await serveWard(proxy, ward, { at: "2026-03-02T00:00:00Z", coverage: { Task: outage, AuditEvent: outage } });
  expect(failedWindowsOf(await scan())).toEqual([
    "Task 2026-02-20T03:00 2026-02-20T05:00 answered HTTP 500 (exception)",
    "AuditEvent 2026-02-20T03:00 2026-02-20T05:00 answered HTTP 500 (exception)",
  ]);
  expect(await creditOf(connection, "Task")).toEqual(["2026-02-01T00:00 2026-02-20T00:00", "2026-02-20T05:00 2026-03-02T00:00"]);
  expect(await creditOf(connection, "AuditEvent")).toEqual(["2026-02-01T00:00 2026-02-20T03:00", "2026-02-20T05:00 2026-03-02T00:00"]);
});

test("what was read already and fails when it is read once more is no gap", async () => {
  const ward = [audit("k", "2026-02-28T04:10:00Z")];
  await serveWard(proxy, ward, { at: "2026-03-01T00:00:00Z" });
  await scan();
  proxy.forget();
  const lost = [
    ["2000-01-01T00:00:00Z", "2026-02-28T04:00:00Z"],
    ["2026-02-28T05:00:00Z", "2100-01-01T00:00:00Z"],
  ] as const;
  await serveWard(proxy, ward, { at: "2026-03-02T00:00:00Z", coverage: { AuditEvent: lost } });
  expect(failedWindowsOf(await scan())).toEqual([]);
  expect(await creditOf(connection, "AuditEvent")).toEqual(["2026-02-01T00:00 2026-03-02T00:00"]);
});

/** No history of types; and from this search of a type on nobody answers any more. */
function dieAt(type: string, number: number): void {
  let count = 0;
  proxy.disturb((path) => {
    if (path.startsWith(`${type}?`)) count += 1;
    if (count >= number) return "reset";
    return path.includes("/_history") ? 500 : undefined;
  });
}

const early = "2026-01-10T04:00:00Z";
const long = { since: "2026-01-01T00:00:00Z", lagMs: 60_000, sideBySide: 1 };
const wholeLong = ["2026-01-01T00:00 2026-03-09T23:59"];

test("a server that dies between two windows of records that change has credited nothing of them, and the next scan goes on from there", async () => {
  await serveWard(proxy, [task("t", at(early)), audit("k", early)], { at: "2026-03-10T00:00:00Z" });
  dieAt("Task", 2);
  expect(failedWindowsOf(await scan(long))).toEqual(
    ["Task 2026-01-10T00:00", "Provenance 2026-01-01T00:00", "AuditEvent 2026-01-01T00:00"].map(
      (lost) => `${lost} 2026-03-10T00:00 broke off its answer (UND_ERR_SOCKET)`,
    ),
  );
  expect([await creditOf(connection, "Task"), await creditOf(connection, "AuditEvent")]).toEqual([[], []]);
  expect(await creditOf(connection, "Communication")).toEqual(wholeLong);
  // Read in part, and then not given in the middle: still nothing before that is known.
  await serveWard(proxy, [task("t", at(early)), audit("k", early)], { at: "2026-03-10T00:00:00Z", coverage: { Task: outage } });
  await scan(long);
  expect(await creditOf(connection, "Task")).toEqual(["2026-02-20T05:00 2026-03-09T23:59"]);
  await serveWard(proxy, [task("t", at(early)), audit("k", early)], { at: "2026-03-10T00:00:00Z" });
  expect((await scan(long)).run.state).toBe("complete");
  expect(proxy.asked.filter((path) => /^Task(?!.*_summary=count)/.test(path)).map(decodeURIComponent)).toEqual([
    "Task?_lastUpdated=ge2026-02-20T03:00:00.000Z&_lastUpdated=lt2026-02-20T05:00:00.000Z&_count=200",
    "Task/_history?_since=2026-02-20T03:00:00.000Z&_count=200",
    "Task/_history?_since=2026-01-10T03:50:00.000Z&_count=200",
  ]);
  expect([await creditOf(connection, "Task"), await creditOf(connection, "AuditEvent")]).toEqual([wholeLong, wholeLong]);
});

test("a window that is given at last restores nothing of records that change before all after it is read: they may have moved there", async () => {
  const ward = [task("t", at(early)), audit("k", early)];
  await serveWard(proxy, ward, { at: "2026-03-02T00:00:00Z", coverage: { Task: outage } });
  await scan();
  const before = ["2026-02-20T05:00 2026-03-02T00:00"];
  expect(await creditOf(connection, "Task")).toEqual(before);
  await serveWard(proxy, ward, { at: "2026-03-10T00:00:00Z" });
  dieAt("Task", 2);
  await scan();
  expect(await creditOf(connection, "Task")).toEqual(before);
});

test("of records that are written once what was read stays credited, less the lag, for what happened just before may come in the next window", async () => {
  await serveWard(proxy, [audit("k", early)], { at: "2026-03-10T00:00:00Z" });
  dieAt("AuditEvent", 2);
  await scan(long);
  expect(await creditOf(connection, "AuditEvent")).toEqual(["2026-01-01T00:00 2026-01-09T23:59"]);
});

test("a record that is changed while its feed is read has left its window, and is read all the same", async () => {
  const now = "2026-03-10T00:00:00Z";
  await serveWard(proxy, [task("t", at("2026-03-01T10:00:00Z"))], { at: now });
  const later = await startDisturbingProxy();
  await serveWard(later, [task("t", at("2026-03-10T00:00:20Z", "2"))], { at: now });
  proxy.disturb((path) => {
    if (path.startsWith("Task?")) proxy.leadTo(later, later.clock);
    return path.includes("/_history") ? 500 : undefined;
  });
  await scan();
  expect(await creditOf(connection, "Task")).toEqual(["2026-02-01T00:00 2026-03-10T00:00"]);
  expect(await connection.db.selectFrom("resource_version").select("type").execute()).toEqual([{ type: "Task" }]);
  await later.close();
});

test("a pull whose feed is lost ends only when what it had read of it is written: nobody else may begin before", async () => {
  const minutes = Array.from({ length: 40 }, (_, number) => `2026-03-01T09:${String(number).padStart(2, "0")}:00Z`);
  const ward = minutes.map((time, number) => audit(`k${number}`, time));
  await serveWard(proxy, ward, { at: "2026-03-02T00:00:00Z", maxCount: 4 });
  let pages = 0;
  proxy.disturb((path) => (path.startsWith("?_page") && (pages += 1) === 2 ? 401 : undefined));
  const outcome = await connection.db.connection().execute(async (other) => {
    await sql`begin`.execute(other);
    await sql`lock table link in exclusive mode`.execute(other);
    const scanning = scan({ since: "2026-03-01T00:00:00Z", types: ["AuditEvent"], sideBySide: 1 });
    const ended = scanning.then(() => "ended");
    while (pages < 2) await setTimeout(20);
    const meanwhile = await Promise.race([ended, setTimeout(1_000, "waits")]);
    await sql`rollback`.execute(other);
    await scanning;
    return meanwhile;
  });
  expect(outcome).toBe("waits");
  expect(await connection.db.selectFrom("resource_version").select("type").execute()).toHaveLength(8);
});
