import { expect, test } from "vitest";
import { notSeen } from "../../src/insight/not-seen.ts";
import { task, verify } from "../store/small-ward.ts";
import { creditOf, readOf, type ServerScan } from "./scan-server.ts";
import { connection, failedWindowsOf, proxy, scanProxy, serveBehindProxy } from "./served-behind-proxy.ts";
import { serveWard } from "./served-ward.ts";

serveBehindProxy();

const now = "2026-03-02T00:00:00Z";
const dated = (time: string): object => ({ meta: { versionId: "1", lastUpdated: time } });
const audit = (id: string, time: string): object => ({ ...verify("k", time), id, ...dated(time) });
const ward = [
  task("t", dated("2026-02-27T10:00:00Z")),
  audit("a", "2026-02-26T04:00:00Z"),
  audit("b", "2026-02-28T04:00:00Z"),
  audit("c", "2026-03-01T05:00:00Z"),
];
const scan = (more: Partial<ServerScan> = {}) =>
  scanProxy({
    since: "2026-02-26T00:00:00Z",
    types: ["Task", "AuditEvent"],
    counts: false,
    sideBySide: 1,
    ...more,
  });

test("when its time is used up a run leaves the rest to the next, says so, and credits what it read", async () => {
  await serveWard(proxy, ward, { at: now });
  // By our clock an hour goes by with each window of audit events.
  const windowsAsked = (): number => proxy.asked.filter((path) => path.startsWith("AuditEvent?")).length;
  const summary = await scan({ clock: () => Date.parse(now) + windowsAsked() * 3_600_000, budget: { timeMs: 2 * 3_600_000 } });
  const reason = "had not given all when the budget of this run was used up: 2 hours";
  expect([summary.run.state, failedWindowsOf(summary)]).toEqual(["incomplete", [`AuditEvent 2026-02-28T00:00 2026-03-02T00:00 ${reason}`]]);
  expect(notSeen(summary, []).join("\n")).toContain(`the server ${reason}, when asked for AuditEvent (`);
  expect(notSeen(summary, []).join("\n")).toContain("It is asked again by the next scan.");
  expect(await creditOf(connection, "AuditEvent")).toEqual(["2026-02-26T00:00 2026-02-28T00:00"]);
  expect(await creditOf(connection, "Task")).toEqual(["2026-02-26T00:00 2026-03-02T00:00"]);

  proxy.forget();
  const next = await scan();
  expect([next.run.state, failedWindowsOf(next)]).toEqual(["complete", []]);
  expect(await creditOf(connection, "AuditEvent")).toEqual(["2026-02-26T00:00 2026-03-02T00:00"]);
  expect(readOf(next)).toContain("AuditEvent 2/3");
});

test("a server that fails too often is asked for nothing more, also of other types", async () => {
  await serveWard(proxy, ward, { at: now });
  proxy.disturb((path) => (path.startsWith("Task") ? 500 : undefined));
  const summary = await scan({ budget: { failures: 3 } });
  expect(proxy.asked.filter((path) => path !== "metadata")).toHaveLength(3);
  const reason = "had not given all when the budget of this run was used up: 3 questions without an answer";
  expect(failedWindowsOf(summary).map((each) => each.split(" ").slice(3).join(" "))).toEqual([reason, reason]);
  proxy.forget();
  expect((await scan()).run.state).toBe("complete");
});

test("what a server refuses, or does not have, costs nothing of the failures that it may have", async () => {
  await serveWard(proxy, ward, { at: now });
  proxy.disturb((path) => (path.startsWith("Task") ? 403 : undefined));
  const summary = await scan({ budget: { failures: 1 } });
  expect(failedWindowsOf(summary).every((each) => each.startsWith("Task") && each.endsWith("answered HTTP 403"))).toBe(true);
  expect(readOf(summary)).toEqual(["AuditEvent 3/3"]);
});
