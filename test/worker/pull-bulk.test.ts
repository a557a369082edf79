import { expect, test } from "vitest";
import type { ScanSummary } from "../../src/domain/scan-summary.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { readStored } from "../property/outcome.ts";
import { observation, order, patient, report, task, verify } from "../store/small-ward.ts";
import { listVerdicts } from "./scan-resources.ts";
import { creditOf, readOf, wholeExport, type ServerScan } from "./scan-server.ts";
import { connection, failuresOf, proxy, scanProxy, serveBehindProxy } from "./served-behind-proxy.ts";
import { serveWard } from "./served-ward.ts";

serveBehindProxy();

const since = "2026-02-01T00:00:00Z";
const scan = (more: Partial<ServerScan> = {}): Promise<ScanSummary> => scanProxy({ since, bulk: wholeExport, ...more });
/** A verify as a server gives it: dated when it was recorded. */
const verified = (of: string, at: string): object => ({ ...verify(of, at), meta: { versionId: "1", lastUpdated: at } });
const ward = [patient("k"), report("k"), observation("k", "HH"), verified("k", "2026-03-01T10:00:00Z"), task("t"), task("u"), order("o")];
const midnight = "2026-03-02T00:00:00Z";

const kickOffs = (): string[] =>
  proxy.asked.filter((path) => /^(?:Patient\/|Group\/[^/]+\/)?\$export\?/.test(path)).map(decodeURIComponent);
const endings = (): number => proxy.asked.filter((path) => path.startsWith("DELETE $export-poll-status")).length;

async function verdicts(): Promise<string[]> {
  const lists = ["result-unacknowledged", "task-overdue", "order-unresulted"].map((signal) => listVerdicts(connection, signal));
  return (await Promise.all(lists)).flat();
}

async function end(): Promise<object> {
  return { verdicts: await verdicts(), stored: await readStored(connection.db), tasks: await creditOf(connection, "Task") };
}

test("an export ends as a search does, whatever size its files have, and is deleted at the server", async () => {
  await serveWard(proxy, ward, { at: midnight });
  const searched = await scan({ bulk: undefined as never });
  const expected = await end();
  for (const linesPerFile of [1, 2, 100]) {
    await truncateAll(connection.db);
    await serveWard(proxy, ward, { at: midnight, bulk: { linesPerFile, polls: 2 } });
    const exported = await scan();
    expect([exported.run.state, exported.run.nowIs, exported.run.now]).toEqual(["complete", "server-clock", searched.run.now]);
    expect(readOf(exported)).toEqual(readOf(searched));
    expect(await end()).toEqual(expected);
    expect([kickOffs().length, endings()]).toEqual([1, 1]);
    expect(await connection.db.selectFrom("bulk_export").selectAll().execute()).toEqual([]);
  }
});

test("the next export asks for what is new, a little before where the last one ended; what was deleted since is seen", async () => {
  await serveWard(proxy, ward, { at: midnight });
  await scan();
  const changed = task("t", { meta: { versionId: "2", lastUpdated: "2026-03-02T08:00:00Z" }, status: "completed" });
  const deleted = [{ name: "Task/u", at: "2026-03-02T11:00:00Z", version: "2" }];
  await serveWard(proxy, [...ward, changed], { at: "2026-03-03T00:00:00Z", deleted });
  const second = await scan();
  expect(kickOffs().map((path) => /_since=([^&]*)/.exec(path)?.[1])).toEqual(["2026-03-01T23:50:00.000Z"]);
  expect([second.run.state, readOf(second)]).toEqual(["complete", ["Task 2/2"]]);
  expect(await verdicts()).toEqual([
    "k met 2026-03-01T11:00:00.000Z",
    "t late 2026-03-01T14:00:00.000Z",
    "u cancelled 2026-03-01T14:00:00.000Z",
    "o unknown never-seen 2026-03-02T07:00:00.000Z",
  ]);
  expect(await creditOf(connection, "Task")).toEqual(["2026-02-01T00:00 2026-03-03T00:00"]);
});

test("an export that is not ready in time is left to the next scan, which goes on with it", async () => {
  await serveWard(proxy, ward, { at: midnight, bulk: { polls: 5 } });
  const waits: (number | undefined)[] = [];
  const progress = { normalising() {}, reading() {}, windowRead() {}, relating() {}, judging() {} };
  const first = await scan({
    bulk: { ...wholeExport, waitMs: 3_000 },
    progress: { ...progress, exporting: ({ percent }) => void waits.push(percent) },
  });
  expect(waits).toEqual([16, 33, 50]);
  expect([first.run.state, new Set(failuresOf(first).map((each) => each.replace(/^\w+/, "")))]).toEqual([
    "incomplete",
    new Set([": is still making its export"]),
  ]);
  expect(await creditOf(connection, "Task")).toEqual([]);
  const second = await scan();
  expect([second.run.state, kickOffs().length]).toEqual(["complete", 2]);
  expect((await verdicts())[0]).toBe("k met 2026-03-01T11:00:00.000Z");
});

test("one that the server has forgotten meanwhile is begun anew", async () => {
  await serveWard(proxy, ward, { at: midnight, bulk: { polls: 5 } });
  await scan({ bulk: { ...wholeExport, waitMs: 0 } });
  await serveWard(proxy, ward, { at: midnight });
  const { run } = await scan();
  expect([run.state, kickOffs().length, endings()]).toEqual(["complete", 1, 2]);
});

test("expired links of files make it begin anew", async () => {
  await serveWard(proxy, ward, { at: midnight });
  proxy.disturb((path, number) => (path.startsWith("$export-file") && number < 8 ? 410 : undefined));
  const { run } = await scan();
  expect([run.state, kickOffs().length]).toEqual(["complete", 2]);
});

test("a server that is busy is asked after again when it says, be it in seconds or by a date", async () => {
  await serveWard(proxy, ward, { at: midnight, bulk: { polls: 0 } });
  const slept: number[] = [];
  const sleep = (ms: number): Promise<void> => Promise.resolve(void slept.push(ms));
  const answers = [
    { status: 429, headers: { "retry-after": "7" } },
    { status: 503, headers: { "retry-after": new Date(Date.parse(midnight) + 11_000).toUTCString() } },
    { status: 202, headers: {} },
  ];
  proxy.disturb((path) => (path.startsWith("$export-poll-status") ? answers.shift() : undefined));
  const { run } = await scan({ patience: { sleep } });
  expect([run.state, slept]).toEqual(["complete", [7_000, 11_000, 4_000]]);
});

test("an export that never gets ready costs no more than its time, however often it is asked after", async () => {
  await serveWard(proxy, ward, { at: midnight, bulk: { polls: 1_000_000 } });
  const { run } = await scan({ bulk: { ...wholeExport, waitMs: 60_000 } });
  expect(run.state).toBe("incomplete");
  expect(proxy.asked.filter((path) => path.startsWith("$export-poll-status"))).toHaveLength(61);
});

test("a file that breaks off is gone on with where it is stored, in the same scan; one that always does so in the next", async () => {
  await serveWard(proxy, ward, { at: midnight });
  let cuts = 0;
  proxy.disturb((path) => (path.startsWith("$export-file") && cuts++ < 1 ? "cut" : undefined));
  expect((await scan()).run.state).toBe("complete");
  const expected = await end();
  await truncateAll(connection.db);
  proxy.forget();
  proxy.disturb((path) => (/^\$export-file\/[^/]+\/0$/.test(path) ? "cut" : undefined));
  const broken = await scan();
  expect(new Set(failuresOf(broken))).toContain("Task: cut a file of its export short");
  proxy.disturb(() => undefined);
  const { run } = await scan();
  // The export that was left, and what is new since.
  expect([run.state, kickOffs().length]).toEqual(["complete", 2]);
  expect(await end()).toEqual(expected);
});

test("a server that dies while its files are read is asked for the rest by the next scan", async () => {
  await serveWard(proxy, ward, { at: midnight });
  proxy.disturb((path, number) => (number > 6 && path !== "metadata" ? "reset" : undefined));
  const dead = await scan();
  expect([dead.run.state, await creditOf(connection, "Patient")]).toEqual(["incomplete", []]);
  proxy.forget();
  expect((await scan()).run.state).toBe("complete");
  expect((await verdicts())[0]).toBe("k met 2026-03-01T11:00:00.000Z");
});

test("what the export says it left out is a gap of those types, and is asked for from where they were complete", async () => {
  const withheld = {
    AuditEvent: [
      ["2000-01-01T00:00:00Z", "2026-03-01T09:30:00Z"],
      ["2026-03-01T10:30:00Z", "2100-01-01T00:00:00Z"],
    ],
  } as const;
  await serveWard(proxy, ward, { at: midnight, coverage: withheld });
  const first = await scan();
  expect(failuresOf(first)).toEqual(["AuditEvent: says that its export left some of it out (exception)"]);
  expect([await creditOf(connection, "AuditEvent"), await creditOf(connection, "Task")]).toEqual([
    [],
    ["2026-02-01T00:00 2026-03-02T00:00"],
  ]);
  expect((await verdicts())[0]).toBe("k unknown gap 2026-03-01T11:00:00.000Z");
  await serveWard(proxy, ward, { at: "2026-03-02T01:00:00Z" });
  const second = await scan();
  expect(second.run.state).toBe("complete");
  expect(kickOffs().map((path) => [/_since=([^&.]*)/.exec(path)?.[1], /_type=([^&]*)/.exec(path)?.[1]?.split(",").length])).toEqual([
    ["2026-03-01T23:50:00", 8],
    ["2026-02-01T00:00:00", 1],
  ]);
  expect((await verdicts())[0]).toBe("k met 2026-03-01T11:00:00.000Z");
});

test("a server that offers no export is told so, with what to do", async () => {
  await serveWard(proxy, ward, { at: midnight, bulk: false });
  await expect(scan()).rejects.toMatchObject({ code: "source-without-export", fix: expect.stringContaining("bulk.level") as string });
  const noGroup = { ...wholeExport, level: "group", group: "none" } as const;
  await serveWard(proxy, ward, { at: midnight });
  await expect(scan({ bulk: noGroup })).rejects.toMatchObject({ message: expect.stringContaining("of the group none") as string });
});

test("at group level its patients alone come, and what they name is fetched", async () => {
  const group = {
    resourceType: "Group",
    id: "bay-1",
    meta: { versionId: "1", lastUpdated: since },
    member: [{ entity: { reference: "Patient/k" } }],
  };
  const bulk = { ...wholeExport, level: "group", group: "bay-1" } as const;
  await serveWard(proxy, [...ward, group, patient("m"), report("m"), observation("m", "HH")], { at: midnight });
  const grouped = await scan({ bulk, types: ["DiagnosticReport", "Observation", "Patient"] });
  expect([grouped.run.state, readOf(grouped)]).toEqual(["complete", ["DiagnosticReport 1/1", "Observation 1/1", "Patient 1/1"]]);
  await truncateAll(connection.db);
  const all = await scan({ bulk: { ...wholeExport, level: "patient" }, types: ["DiagnosticReport", "Observation", "Patient"] });
  expect(readOf(all)).toEqual(["DiagnosticReport 2/2", "Observation 2/2", "Patient 2/2"]);
});

test("another level has other patients, and begins anew", async () => {
  await serveWard(proxy, ward, { at: midnight });
  await scan({ types: ["Patient"] });
  await scan({ types: ["Patient"], bulk: { ...wholeExport, level: "patient" } });
  expect(kickOffs().map((path) => /^(\S*)\?.*_since=([^.]*)/.exec(path)?.slice(1))).toEqual([
    ["$export", "2026-02-01T00:00:00"],
    ["Patient/$export", "2026-02-01T00:00:00"],
  ]);
});
