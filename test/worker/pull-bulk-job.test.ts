import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import type { ScanSummary } from "../../src/domain/scan-summary.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { order, patient, task } from "../store/small-ward.ts";
import { startDisturbingProxy, type Disturbance, type DisturbingProxy } from "./disturbing-proxy.ts";
import { creditOf, scanServer, wholeExport, type ServerScan } from "./scan-server.ts";
import { serveWard } from "./served-ward.ts";

let connection: Connection;
let proxy: DisturbingProxy;
beforeAll(async () => {
  [connection, proxy] = await Promise.all([scratchDatabase(), startDisturbingProxy()]);
});
afterAll(async () => {
  await proxy.close();
  await connection.close();
});
beforeEach(() => truncateAll(connection.db));

const midnight = "2026-03-02T00:00:00Z";
const whole = "2026-02-01T00:00 2026-03-02T00:00";
const types = ["Patient", "ServiceRequest", "Task"];
const ward = [patient("k"), task("t"), order("o")];
const scan = (more: Partial<ServerScan> = {}): Promise<ScanSummary> =>
  scanServer(connection, { url: proxy.url, clock: proxy.clock, since: "2026-02-01T00:00:00Z", bulk: wholeExport, types, ...more });

const credits = (): Promise<string[][]> => Promise.all(types.map((type) => creditOf(connection, type)));
const failures = ({ run }: ScanSummary): string[] => run.notes.failedWindows.map(({ type, reason }) => `${type}: ${reason}`);
const asked = (start: string): string[] => proxy.asked.filter((path) => path.startsWith(start)).map(decodeURIComponent);

test("a request for an export that is answered busy is made again when the server says; one that stays busy is left to the next scan", async () => {
  await serveWard(proxy, ward, { at: midnight, bulk: { polls: 0 } });
  const slept: number[] = [];
  const patience = { waitsMs: [100, 200], sleep: (ms: number) => Promise.resolve(void slept.push(ms)) };
  const answers: Disturbance[] = [
    { status: 429, headers: { "retry-after": "7" } },
    { status: 503, headers: { "retry-after": new Date(Date.parse(midnight) + 11_000).toUTCString() } },
  ];
  proxy.disturb((path) => (path.startsWith("$export?") ? answers.shift() : undefined));
  expect([(await scan({ patience })).run.state, slept]).toEqual(["complete", [7_000, 11_000]]);
  await truncateAll(connection.db);
  proxy.forget();
  proxy.disturb((path) => (path.startsWith("$export?") ? { status: 429, headers: { "retry-after": "7200" } } : undefined));
  const busy = await scan({ patience });
  expect([busy.run.state, failures(busy), asked("$export?").length, slept.length]).toEqual([
    "incomplete",
    types.map((type) => `${type}: answered HTTP 429`),
    1,
    2,
  ]);
});

test("an export that is in progress for ever ends with its time, with that reason, even where the server says to ask at once; the next scan asks after the same", async () => {
  await serveWard(proxy, ward, { at: midnight });
  proxy.disturb((path) => (path.startsWith("$export-poll-status") ? { status: 202, headers: { "retry-after": "0" } } : undefined));
  const bulk = { ...wholeExport, waitMs: 20_000 };
  for (const questions of [21, 42]) {
    const summary = await scan({ bulk });
    expect([summary.run.state, failures(summary)]).toEqual(["incomplete", types.map((type) => `${type}: is still making its export`)]);
    const polls = asked("$export-poll-status");
    expect([polls.length, new Set(polls).size, asked("$export?").length]).toEqual([questions, 1, 1]);
  }
});

test("an export that is asked after in vain is left to the next scan after six times, and given up after a week", async () => {
  await serveWard(proxy, ward, { at: midnight });
  let now = Date.parse(midnight);
  proxy.disturb((path) => (path.startsWith("$export-poll-status") ? 503 : undefined));
  for (const [days, begun] of [
    [0, 1],
    [6, 1],
    [1, 2],
  ] as const) {
    now += days * 86_400_000;
    const before = asked("$export-poll-status").length;
    const summary = await scan({ clock: () => now });
    expect([asked("$export-poll-status").length - before, asked("$export?").length]).toEqual([6, begun]);
    expect(failures(summary)).toEqual(types.map((type) => `${type}: answered HTTP 503`));
  }
});

test("a server that refuses the list of types is asked to overlook what it does not know, then for whatever it has", async () => {
  await serveWard(proxy, ward, { at: midnight });
  proxy.disturb((path) => (path.startsWith("$export?") && path.includes("_type=") ? 400 : undefined));
  const summary = await scan();
  expect([summary.run.state, asked("$export?").map((path) => path.includes("_type="))]).toEqual(["complete", [true, true, false]]);
  // What was not asked for is not fetched, and not taken for whole.
  expect(asked("$export-file")).toHaveLength(3);
  expect(await credits()).toEqual([[whole], [whole], [whole]]);
  await truncateAll(connection.db);
  proxy.forget();
  const lenient = await scan({ types: [...types, "CarePlan"] });
  expect([failures(lenient), asked("$export?").length, await credits()]).toEqual([
    [expect.stringContaining("CarePlan: brought none of it in its export")],
    2,
    [[whole], [whole], [whole]],
  ]);
});

test.each([404, 410])("where the answer to a question after an export is %i, it is begun anew, once a scan", async (status) => {
  await serveWard(proxy, ward, { at: midnight, bulk: { polls: 0 } });
  let forgets = 1;
  proxy.disturb((path) => (path.startsWith("$export-poll-status") && forgets-- > 0 ? status : undefined));
  expect([(await scan()).run.state, asked("$export?").length]).toEqual(["complete", 2]);
  await truncateAll(connection.db);
  proxy.forget();
  proxy.disturb((path) => (path.startsWith("$export-poll-status") ? status : undefined));
  const summary = await scan();
  expect([summary.run.state, asked("$export?").length, failures(summary)]).toEqual([
    "incomplete",
    2,
    types.map((type) => `${type}: has forgotten the export that it began`),
  ]);
});
