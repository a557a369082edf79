import { expect, test } from "vitest";
import { truncateAll } from "../db/truncate-all.ts";
import { observation, order, patient, report, task, verify } from "../store/small-ward.ts";
import { startDisturbingProxy } from "./disturbing-proxy.ts";
import { listVerdicts } from "./scan-resources.ts";
import { creditOf, readOf, scanServer, type ServerScan } from "./scan-server.ts";
import { connection, proxy, scanProxy, serveBehindProxy } from "./served-behind-proxy.ts";
import { serveWard } from "./served-ward.ts";

serveBehindProxy();

const since = "2026-02-01T00:00:00Z";
const scan = (more: Partial<ServerScan> = {}) => scanProxy({ since, ...more });
/** A verify as a server gives it: dated when it was recorded. */
const verified = (of: string, at: string): ReturnType<typeof verify> => ({ ...verify(of, at), meta: { versionId: "1", lastUpdated: at } });
const heldVersions = async (): Promise<number> => (await connection.db.selectFrom("resource_version").select("type").execute()).length;

test("a second scan asks only for what is new, and stores nothing twice", async () => {
  const ward = [patient("k"), report("k"), observation("k", "HH"), verified("k", "2026-03-01T10:00:00Z")];
  await serveWard(proxy, ward, { at: "2026-03-02T00:00:00Z" });
  const first = await scan();
  expect([first.run.state, first.run.nowIs, new Date(first.run.now).toISOString()]).toEqual([
    "complete",
    "server-clock",
    "2026-03-02T00:00:00.000Z",
  ]);
  expect(readOf(first)).toEqual(["AuditEvent 1/1", "DiagnosticReport 1/1", "Observation 1/1", "Patient 1/1"]);
  expect(await listVerdicts(connection, "result-unacknowledged")).toEqual(["k met 2026-03-01T11:00:00.000Z"]);
  await serveWard(proxy, ward, { at: "2026-03-02T01:00:00Z" });
  const second = await scan();
  expect(second.run.state).toBe("complete");
  expect(readOf(second)).toEqual(["AuditEvent 0/1", "DiagnosticReport 0/1", "Observation 0/1", "Patient 0/1"]);
  const starts = proxy.asked.flatMap((path) => /(?:_lastUpdated=ge|_since=)([^&]*)/.exec(decodeURIComponent(path))?.[1] ?? []);
  // What nothing was ever seen of is asked for from the first.
  expect([...new Set(starts)].sort()).toEqual([
    "2026-02-01T00:00:00.000Z",
    "2026-03-01T08:50:00.000Z",
    "2026-03-01T08:51:00.000Z",
    "2026-03-01T09:50:00.000Z",
  ]);
  expect(await creditOf(connection, "AuditEvent")).toEqual(["2026-02-01T00:00 2026-03-02T01:00"]);
});

test("what was added, changed and deleted at the server since is what the next scan sees, as one scan from nothing would", async () => {
  const before = [report("k"), observation("k", "HH"), task("t"), task("u"), order("o")];
  await serveWard(proxy, before, { at: "2026-03-02T00:00:00Z" });
  await scan();
  const now = "2026-03-03T00:00:00Z";
  const changed = task("t", { meta: { versionId: "2", lastUpdated: "2026-03-02T08:00:00Z" }, status: "completed" });
  const added = [report("m"), observation("m", "HH")].map((each) => ({
    ...each,
    meta: { versionId: "1", lastUpdated: "2026-03-02T10:00:00Z" },
  }));
  const after = [...before, changed, verified("k", "2026-03-02T09:00:00Z"), ...added];
  const deleted = [{ name: "Task/u", at: "2026-03-02T11:00:00Z", version: "2" }];
  await serveWard(proxy, after, { at: now, deleted });
  const summary = await scan();
  expect(readOf(summary).filter((each) => !each.includes(" 0/"))).toEqual([
    "AuditEvent 1/1",
    "DiagnosticReport 1/2",
    "Observation 1/2",
    "Task 2/4",
  ]);
  const verdicts = async (): Promise<string[]> => [
    ...(await listVerdicts(connection, "result-unacknowledged")),
    ...(await listVerdicts(connection, "task-overdue")),
    ...(await listVerdicts(connection, "order-unresulted")),
  ];
  const seen = await verdicts();
  expect(seen).toEqual([
    "k late 2026-03-01T11:00:00.000Z",
    "m missed 2026-03-01T11:00:00.000Z",
    "t late 2026-03-01T14:00:00.000Z",
    "u cancelled 2026-03-01T14:00:00.000Z",
    "o unknown never-seen 2026-03-02T07:00:00.000Z",
  ]);
  await truncateAll(connection.db);
  await scan();
  expect(await verdicts()).toEqual(seen);
});

const versions = [
  task("t"),
  task("t", { meta: { versionId: "2", lastUpdated: "2026-03-01T10:30:00Z" }, status: "in-progress" }),
  task("t", { meta: { versionId: "3", lastUpdated: "2026-03-01T10:45:00Z" }, status: "completed" }),
];

test.each<[how: string, fails: RegExp]>([
  ["the history of a type", /^nothing/],
  ["the history of a record, where that of a type fails", /^Task\/_history/],
])("earlier versions come by %s", async (_, fails) => {
  await serveWard(proxy, versions, { at: "2026-03-02T00:00:00Z" });
  proxy.disturb((path) => (fails.test(path) ? 500 : undefined));
  const summary = await scan();
  expect(summary.run.notes.failedWindows).toEqual([]);
  expect(await heldVersions()).toBe(3);
  expect(await listVerdicts(connection, "task-overdue")).toEqual(["t met 2026-03-01T14:00:00.000Z"]);
});

test("where no history is given at all the times that only it would tell are not recorded, until it is given", async () => {
  await serveWard(proxy, versions, { at: "2026-03-02T00:00:00Z" });
  proxy.disturb((path) => (path.includes("_history") ? 500 : undefined));
  const summary = await scan();
  expect(summary.run.notes).toMatchObject({
    failedWindows: [],
    serverRemarks: [expect.stringContaining("1 record that others name, or earlier versions")],
  });
  expect(await heldVersions()).toBe(1);
  proxy.forget();
  await scan();
  expect(await heldVersions()).toBe(3);
});

test("without --since everything is asked for, and credited from the first record on; an empty server is no failure and no coverage", async () => {
  const url = proxy.url;
  await serveWard(proxy, [report("k"), observation("k", "HH")], { at: "2026-03-02T00:00:00Z" });
  const summary = await scanServer(connection, { url, clock: proxy.clock });
  expect(readOf(summary)).toEqual(["DiagnosticReport 1/1", "Observation 1/1"]);
  expect(proxy.asked.filter((path) => /_lastUpdated=ge|_since/.test(path) && !path.includes("2026-03"))).toEqual([]);
  for (const type of ["DiagnosticReport", "AuditEvent", "Task"])
    expect(await creditOf(connection, type)).toEqual(["2026-03-01T09:00 2026-03-02T00:00"]);
  expect(await listVerdicts(connection, "result-unacknowledged")).toEqual(["k unknown never-seen 2026-03-01T11:00:00.000Z"]);

  await truncateAll(connection.db);
  await serveWard(proxy, [], { at: "2026-03-02T00:00:00Z" });
  const empty = await scanServer(connection, { url, clock: proxy.clock });
  expect([empty.run.state, readOf(empty), await creditOf(connection, "AuditEvent")]).toEqual(["incomplete", [], []]);
});

test("a server without AuditEvent is read, and said to be blind there; what the configuration leaves out is no lack", async () => {
  await serveWard(proxy, [task("t")], { at: "2026-03-02T00:00:00Z", offers: ["Task", "Patient"] });
  const { run } = await scan();
  expect(run).toMatchObject({
    state: "incomplete",
    notes: { notOffered: ["AuditEvent"], serverRemarks: [expect.stringContaining("offers no AuditEvent")] },
  });
  expect((await scan({ types: ["Task"] })).run).toMatchObject({ state: "complete", notes: { notOffered: [], serverRemarks: [] } });
  const wanting = (await scan({ types: ["Task", "Appointment"] })).run;
  expect(wanting).toMatchObject({
    state: "incomplete",
    notes: {
      notOffered: ["Appointment"],
      serverRemarks: [expect.stringContaining("offers no Appointment, which the configuration asks for")],
    },
  });
});

test("another server under the same source name is refused: what lies between the two would be lost", async () => {
  await serveWard(proxy, [task("t")], { at: "2026-03-02T00:00:00Z" });
  await scan();
  const other = await startDisturbingProxy();
  await serveWard(other, [task("u")], { at: "2026-03-02T00:00:00Z" });
  await expect(scan({ url: other.url })).rejects.toMatchObject({
    code: "source-is-another-server",
    fix: expect.stringContaining("--source NAME") as string,
  });
  expect((await scan({ url: other.url, source: "other" })).run.state).toBe("complete");
  await other.close();
});

test("a type that we have no right to read is blind, and hides no other", async () => {
  const early = "2026-02-10T04:00:00Z";
  await serveWard(proxy, [{ ...task("t"), meta: { versionId: "1", lastUpdated: early } }, verified("k", early)], {
    at: "2026-03-10T00:00:00Z",
  });
  const refusals = [
    [401, "wants to know who asks (HTTP 401)"],
    [403, "answered HTTP 403"],
  ] as const;
  for (const [status, refusal] of refusals) {
    proxy.disturb((path) => (path.startsWith("Task") ? status : undefined));
    const { run } = await scan();
    const said = new Set(run.notes.failedWindows.map(({ type, reason }) => `${type}: ${reason}`));
    expect([run.state, [...said]]).toEqual(["incomplete", [`Task: ${refusal}`]]);
    expect([await creditOf(connection, "Task"), await creditOf(connection, "AuditEvent")]).toEqual([
      [],
      ["2026-02-01T00:00 2026-03-10T00:00"],
    ]);
  }
});
