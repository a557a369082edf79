import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { observation, patient, report, verify } from "../store/small-ward.ts";
import { startDisturbingProxy } from "../worker/disturbing-proxy.ts";
import { readOf, scanServer, wholeExport } from "../worker/scan-server.ts";
import { serveWard } from "../worker/served-ward.ts";
import { outcomeDifferences } from "./outcome-differences.ts";
import { readOutcome, readStored } from "./outcome.ts";
import type { PullOrders } from "./pull-child.ts";
import { withConnection, withScratchPlace } from "./scratch-work.ts";

const child = fileURLToPath(new URL("pull-child.ts", import.meta.url));
const proxy = await startDisturbingProxy();
afterAll(() => proxy.close());

const at = "2026-03-02T00:00:00Z";
/** A file of 24 MB, so that it is stored in two goes; in each an event names a report that the server is asked for by its id. */
const events = Array.from({ length: 24 }, (_, number) => ({
  ...verify(number % 20 === 0 ? `absent-${number}` : "k", "2026-03-01T10:00:00Z"),
  outcomeDesc: "x".repeat(1024 * 1024),
  id: `event-${String(number).padStart(4, "0")}`,
  meta: { versionId: "1", lastUpdated: "2026-03-01T10:00:00Z" },
}));
const scan = { url: proxy.url, since: "2026-02-01T00:00:00Z", bulk: wholeExport };

it("a scan that is killed in the middle of a file goes on at the line where it was, and ends where one left alone does", async () => {
  await serveWard(proxy, [patient("k"), report("k"), observation("k", "HH"), ...events], { at });
  const read = async (place: Parameters<typeof withConnection>[0]) =>
    withConnection(place, async (connection) => {
      const summary = await scanServer(connection, { ...scan, clock: () => Date.parse(at) });
      const { db } = connection;
      return { state: summary.run.state, read: readOf(summary), outcome: await readOutcome(db), stored: await readStored(db) };
    });
  const expected = await withScratchPlace(read);
  expect([expected.state, expected.read[0]]).toEqual(["complete", "AuditEvent 24/24"]);
  await withScratchPlace(async (place) => {
    const orders: PullOrders = { databaseUrl: place.databaseUrl, dataDir: place.dataDir, scan, clockAt: Date.parse(at) };
    const running = fork(child, [JSON.stringify(orders)], { execArgv: [] });
    let asked = 0;
    proxy.disturb((path) => {
      if (!path.startsWith("DiagnosticReport?_id=") || ++asked < 2) return undefined;
      running.kill("SIGKILL");
      return "reset";
    });
    const [, signal] = (await once(running, "exit")) as [number | null, NodeJS.Signals | null];
    expect(signal).toBe("SIGKILL");
    proxy.forget();
    const found = await read(place);
    // 16 MB were stored and kept in mind, the rest stored alone. Then what is new since is exported.
    const [, readAgain] = /^AuditEvent 0\/(\d+)$/.exec(found.read.find((each) => each.startsWith("AuditEvent")) ?? "") ?? [];
    expect(Number(readAgain)).toBeGreaterThan(3);
    expect(Number(readAgain)).toBeLessThan(10);
    expect(proxy.asked.filter((path) => path.includes("$export?"))).toHaveLength(1);
    expect(outcomeDifferences("killed and run again", expected.outcome, found.outcome)).toEqual([]);
    expect([found.state, found.stored]).toEqual([expected.state, expected.stored]);
  });
});
