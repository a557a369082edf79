import { expect, test } from "vitest";
import type { ScanSummary } from "../../src/domain/scan-summary.ts";
import { summaryJson } from "../../src/domain/summary-json.ts";
import { entriesOf, type Fault } from "../../src/fhir-server/faults/fault.ts";
import { faultTable } from "../../src/fhir-server/faults/fault-table.ts";
import { noFaults } from "../../src/fhir-server/faults/plan-faults.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { task, verify } from "../store/small-ward.ts";
import { startDisturbingProxy } from "./disturbing-proxy.ts";
import { creditOf, type ServerScan } from "./scan-server.ts";
import { connection, failedWindowsOf, proxy, scanProxy, serveBehindProxy } from "./served-behind-proxy.ts";
import { serveWard } from "./served-ward.ts";

serveBehindProxy();

const now = "2026-03-02T00:00:00Z";
const scan = (more: Partial<ServerScan> = {}) => scanProxy({ since: "2026-02-26T00:00:00Z", types: ["Task", "AuditEvent"], ...more });
const audit = (id: string, time: string): object => ({ ...verify(id, time), id, meta: { versionId: "1", lastUpdated: time } });
const events = [audit("a", "2026-02-26T04:00:00Z"), audit("b", "2026-02-28T04:00:00Z"), audit("c", "2026-02-28T05:00:00Z")];
const countOf = (summary: ScanSummary, type: string): unknown => {
  const { expected, given, uncounted } = summaryJson(summary).feeds.find((feed) => feed.type === type) ?? {};
  return { expected, given, uncounted };
};
const countsAsked = (): string[] => proxy.asked.filter((path) => path.includes("_summary=count"));

/** The server counts a record that it does not give, the first so many times that it is asked for a page that holds it. */
function withhold(id: string, times: number): void {
  let left = times;
  const fault: Fault = {
    name: "withholds",
    lasts: "always",
    befalls: ({ query }) => query.get("_summary") === null,
    does: {
      alters(bundle) {
        const entry = entriesOf(bundle).filter(({ resource }) => (resource as { id?: string }).id !== id);
        if (left === 0) return undefined;
        if (entry.length < entriesOf(bundle).length) left -= 1;
        const { total: _, ...rest } = bundle;
        return { ...rest, entry };
      },
    },
  };
  proxy.front.follow({ ...noFaults, choose: (question) => (fault.befalls(question) ? [fault] : []) });
}

test("each window is counted at the server by its own bounds, and never without", async () => {
  await serveWard(proxy, [...events, task("t", { meta: { versionId: "1", lastUpdated: "2026-02-27T10:00:00Z" } })], { at: now });
  const summary = await scan();
  expect(countOf(summary, "AuditEvent")).toEqual({ expected: 3, given: 3, uncounted: 0 });
  expect(countOf(summary, "Task")).toEqual({ expected: 1, given: 1, uncounted: 0 });
  for (const path of countsAsked()) expect(path).toMatch(/_lastUpdated=ge.*&_lastUpdated=lt/);
  expect(countsAsked().filter((path) => path.startsWith("AuditEvent"))).toHaveLength(4);
  await truncateAll(connection.db);
  proxy.forget();
  await scanProxy({ types: ["Task", "AuditEvent"] });
  for (const path of countsAsked()) expect(path).toMatch(/_lastUpdated=ge.*&_lastUpdated=lt/);
});

test.each([
  ["is counted when it was read", 200],
  ["of several pages is counted when it is begun", 1],
])("a window that %s and gives less is read again, and then it is a gap that says so; the others are not", async (_, maxCount) => {
  await serveWard(proxy, events, { at: now, maxCount });
  withhold("b", Infinity);
  const summary = await scan();
  expect(failedWindowsOf(summary)).toEqual(["AuditEvent 2026-02-28T00:00 2026-03-01T00:00 gave 1 of 2 records"]);
  expect(await creditOf(connection, "AuditEvent")).toEqual(["2026-02-26T00:00 2026-02-28T00:00", "2026-03-01T00:00 2026-03-02T00:00"]);
  expect(summary.run.state).toBe("incomplete");
  proxy.forget();
  expect(failedWindowsOf(await scan())).toEqual([]);
  expect(await creditOf(connection, "AuditEvent")).toEqual(["2026-02-26T00:00 2026-03-02T00:00"]);
});

test("what an index shows only a moment later is found when the window is read again, and no gap", async () => {
  await serveWard(proxy, events, { at: now });
  withhold("b", 1);
  const summary = await scan();
  expect(failedWindowsOf(summary)).toEqual([]);
  expect(countOf(summary, "AuditEvent")).toEqual({ expected: 3, given: 3, uncounted: 0 });
  // Each window once, and this one again.
  expect(proxy.asked.filter((path) => path.startsWith("AuditEvent?") && !path.includes("_summary"))).toHaveLength(5);
});

test("a history that gives less than the server counts is not believed: the windows are read instead", async () => {
  const tasks = ["t", "u"].map((id) => task(id, { meta: { versionId: "1", lastUpdated: "2026-02-27T10:00:00Z" } }));
  await serveWard(proxy, tasks, { at: now });
  withhold("u", 1);
  const summary = await scan();
  expect(failedWindowsOf(summary)).toEqual([]);
  expect(proxy.asked.some((path) => path.startsWith("Task?_lastUpdated") && !path.includes("_summary"))).toBe(true);
  expect(await connection.db.selectFrom("resource_version").select("type").execute()).toHaveLength(2);
});

test.each<[what: string, does: Fault["does"]]>([
  ["refuses to count", { instead: () => ({ status: 400, headers: {}, body: Buffer.from("no") }) }],
  ["says no total", { alters: ({ total: _, ...rest }) => rest }],
  [
    "only estimates",
    {
      alters: (bundle) => ({ ...bundle, total: 400, link: [{ relation: "self", url: "AuditEvent?_summary=count&_total=estimate" }] }),
    },
  ],
  ["counts without regard to the bounds", { alters: (bundle) => ({ ...bundle, total: 400 }) }],
])("a server that %s is not reconciled, and the run says so", async (_, does) => {
  await serveWard(proxy, events, { at: now });
  const fault: Fault = { name: "counts", lasts: "always", befalls: ({ query }) => query.get("_summary") === "count", does };
  proxy.front.follow({ ...noFaults, choose: (question) => (fault.befalls(question) ? [fault] : []) });
  const summary = await scan();
  expect(failedWindowsOf(summary)).toEqual([]);
  expect(countOf(summary, "AuditEvent")).toEqual({ expected: null, given: null, uncounted: 4 });
});

test.each(["lower-bound-ignored", "upper-bound-ignored"])(
  "a server of which is said %s is not compared with what it counts",
  async (name) => {
    await serveWard(proxy, events, { at: now });
    const faults = faultTable.filter((each) => each.name === name);
    proxy.front.follow({ ...noFaults, choose: (question) => faults.filter((each) => each.befalls(question)) });
    const summary = await scan();
    expect(proxy.front.happened.get(name)).toBeGreaterThan(0);
    expect(failedWindowsOf(summary)).toEqual([]);
    // Of the last window, which is empty, it counts what is there: nothing.
    const nothing = { expected: 0, given: 0, uncounted: 3 };
    expect([nothing, { expected: null, given: null, uncounted: 4 }]).toContainEqual(countOf(summary, "AuditEvent"));
  },
);

/** The server is busy when it is asked to count, the first so many times. */
function countBusily(times: number): void {
  let left = times;
  proxy.disturb((path) => (path.includes("_summary=count") && left-- > 0 ? 503 : undefined));
}

test("a server that was too busy to count once is asked to count the next window", async () => {
  await serveWard(proxy, events, { at: now });
  // The question and the one that is asked again.
  countBusily(2);
  const summary = await scan({ sideBySide: 1, types: ["AuditEvent"] });
  expect([failedWindowsOf(summary), countOf(summary, "AuditEvent")]).toEqual([[], { expected: 2, given: 2, uncounted: 1 }]);
});

test("one that is always too busy to count is not waited for at each window", async () => {
  await serveWard(proxy, events, { at: now });
  countBusily(Infinity);
  const summary = await scan({ sideBySide: 1, types: ["AuditEvent"] });
  expect([failedWindowsOf(summary), countOf(summary, "AuditEvent")]).toEqual([[], { expected: null, given: null, uncounted: 4 }]);
  expect(countsAsked()).toHaveLength(3 * 2);
});

test("where the configuration has it so nothing is counted", async () => {
  await serveWard(proxy, events, { at: now });
  expect(countOf(await scan({ counts: false }), "AuditEvent")).toEqual({ expected: null, given: null, uncounted: 4 });
  expect(countsAsked()).toEqual([]);
});

test("a record that is changed while its window is read, or written after, makes no difference", async () => {
  await serveWard(proxy, [task("t", { meta: { versionId: "1", lastUpdated: "2026-02-27T10:00:00Z" } })], { at: now });
  const later = await startDisturbingProxy();
  const changed = ["t", "new"].map((id) => task(id, { meta: { versionId: "2", lastUpdated: "2026-03-02T00:00:20Z" } }));
  await serveWard(later, changed, { at: now });
  proxy.disturb((path) => {
    if (path.includes("_summary=count")) proxy.leadTo(later, later.clock);
    return path.includes("/_history") ? 500 : undefined;
  });
  expect(failedWindowsOf(await scan())).toEqual([]);
  await later.close();
});
