import { expect, test } from "vitest";
import { observation, report, verify } from "../store/small-ward.ts";
import { listVerdicts } from "./scan-resources.ts";
import { creditOf, type ServerScan } from "./scan-server.ts";
import { connection, proxy, scanProxy, serveBehindProxy } from "./served-behind-proxy.ts";
import { serveWard } from "./served-ward.ts";

serveBehindProxy();

const scan = (more: Partial<ServerScan> = {}) => scanProxy({ since: "2026-02-01T00:00:00Z", ...more });
const audit = (id: string, time: string): object => ({ ...verify(id, time), meta: { versionId: "1", lastUpdated: time } });

test("a server that shows records late is asked again from the allowed lag before the latest that it showed", async () => {
  const lagMs = 3 * 3_600_000;
  await serveWard(proxy, [audit("a", "2026-03-01T11:59:00Z")], { at: "2026-03-01T12:00:00Z" });
  await scan({ lagMs });
  expect(await creditOf(connection, "AuditEvent")).toEqual(["2026-02-01T00:00 2026-03-01T09:00"]);
  await serveWard(proxy, [audit("a", "2026-03-01T11:59:00Z"), audit("late", "2026-03-01T09:10:00Z")], { at: "2026-03-01T13:00:00Z" });
  const { feeds } = await scan({ lagMs });
  expect(feeds.find(({ type }) => type === "AuditEvent")).toMatchObject({ read: 2, stored: 1 });
});

test("a nightly reconcile reads the last two days again", async () => {
  await serveWard(proxy, [audit("a", "2026-03-02T11:59:00Z")], { at: "2026-03-02T12:00:00Z" });
  await scan();
  await serveWard(proxy, [audit("a", "2026-03-02T11:59:00Z"), audit("late", "2026-02-28T13:00:00Z")], { at: "2026-03-02T13:00:00Z" });
  const stored = async (reconcile?: true): Promise<number | undefined> =>
    (await scan({ ...(reconcile && { reconcile }) })).feeds.find(({ type }) => type === "AuditEvent")?.stored;
  expect([await stored(), await stored(true)]).toEqual([0, 1]);
});

test("a clock that is ahead of ours makes nothing known, and nothing due, that has not happened yet", async () => {
  const clock = (): number => Date.parse("2026-03-01T10:30:00Z");
  const ward = [report("k"), observation("k", "HH"), audit("other", "2026-02-09T04:00:00Z")];
  await serveWard(proxy, ward, { at: "2026-03-01T13:30:00Z" });
  const { run } = await scan({ clock });
  expect([run.now, run.nowIs]).toEqual([clock(), "server-clock"]);
  expect(run.notes.serverRemarks).toEqual([expect.stringContaining("has a clock that is 3 hours ahead of this computer's")]);
  expect(await creditOf(connection, "AuditEvent")).toEqual(["2026-02-01T00:00 2026-03-01T10:30"]);
  expect(await listVerdicts(connection, "result-unacknowledged")).toEqual(["k pending 2026-03-01T11:00:00.000Z"]);
});

test("a clock that is behind ours makes less known", async () => {
  await serveWard(proxy, [audit("a", "2026-03-01T09:00:00Z")], { at: "2026-03-01T10:30:00Z" });
  const { run } = await scan({ clock: () => Date.parse("2026-03-01T13:30:00Z") });
  expect(run.notes.serverRemarks).toEqual([expect.stringContaining("3 hours behind this computer's")]);
  expect(await creditOf(connection, "AuditEvent")).toEqual(["2026-02-01T00:00 2026-03-01T10:30"]);
});

test("a server that has set back its clock dates anew what it writes: it is asked for everything again", async () => {
  const clock = (): number => Date.parse("2026-03-01T10:30:00Z");
  await serveWard(proxy, [audit("a", "2026-03-01T13:00:00Z")], { at: "2026-03-01T13:30:00Z" });
  await scan({ clock });
  await serveWard(proxy, [audit("a", "2026-03-01T13:00:00Z"), audit("b", "2026-03-01T10:40:00Z")], { at: "2026-03-01T11:30:00Z" });
  const { feeds } = await scan({ clock: proxy.clock });
  expect(feeds.find(({ type }) => type === "AuditEvent")).toMatchObject({ stored: 1 });
});
