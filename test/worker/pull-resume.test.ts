import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PullOrders } from "../property/pull-child.ts";
import { withConnection, withScratchPlace } from "../property/scratch-work.ts";
import type { ScratchPlace } from "../db/scratch-database.ts";
import { task, verify } from "../store/small-ward.ts";
import { startDisturbingProxy, type DisturbingProxy } from "./disturbing-proxy.ts";
import { creditOf, readOf, scanServer } from "./scan-server.ts";
import { serveWard } from "./served-ward.ts";

const child = fileURLToPath(new URL("../property/pull-child.ts", import.meta.url));
let proxy: DisturbingProxy;
beforeAll(async () => void (proxy = await startDisturbingProxy()));
afterAll(() => proxy.close());

const [since, now] = ["2026-03-01T00:00:00Z", "2026-03-01T12:00:00Z"];
const minutes = Array.from({ length: 40 }, (_, number) => `2026-03-01T09:${String(number).padStart(2, "0")}:00Z`);
const events = minutes.map((at, number) => ({ ...verify(`k${number}`, at), meta: { versionId: "1", lastUpdated: at } }));
const tasks = minutes.map((at, number) => task(`t${number}`, { meta: { versionId: "1", lastUpdated: at } }));
const ward = { at: now, maxCount: 4, offers: ["Task", "AuditEvent", "DiagnosticReport"] };
const scan = { since, types: ["Task", "AuditEvent"], sideBySide: 1 };

/**
 * A pull is killed when it asks for this page of a feed; the links of the pages that it had asked for by then. The one before has come,
 * two before that may not be committed yet, and all others are.
 */
async function killAt(place: ScratchPlace, first: RegExp, page: number): Promise<string[]> {
  const orders: PullOrders = { ...place, scan: { ...scan, url: proxy.url }, clockAt: Date.parse(now) };
  const running = fork(child, [JSON.stringify(orders)], { execArgv: [] });
  const pages: string[] = [];
  proxy.disturb((path) => {
    if (path.includes("_summary=count")) return undefined;
    if (first.test(path)) pages.length = 0;
    pages.push(path);
    if (!first.test(pages[0] ?? "") || pages.length < page) return undefined;
    running.kill("SIGKILL");
    return "reset";
  });
  const [, signal] = (await once(running, "exit")) as [number | null, NodeJS.Signals | null];
  expect(signal).toBe("SIGKILL");
  return pages;
}

test.each<[how: string, type: string, first: RegExp, records: object[]]>([
  ["a window", "AuditEvent", /^AuditEvent\?_lastUpdated/, events],
  ["a history", "Task", /^Task\/_history/, tasks],
])("%s that was killed in its middle goes on from the last page that was committed", async (_, type, first, records) => {
  await withScratchPlace(async (place) => {
    await serveWard(proxy, records, ward);
    const before = await killAt(place, first, 7);
    proxy.forget();
    await withConnection(place, async (connection) => {
      const { run, feeds } = await scanServer(connection, { ...scan, url: proxy.url, clock: proxy.clock });
      expect(proxy.asked.filter((path) => before.slice(0, 3).includes(path))).toEqual([]);
      const left = before.indexOf(proxy.asked.find((path) => path.startsWith("?_page")) ?? "");
      expect(left).toBeGreaterThanOrEqual(3);
      expect(left).toBeLessThanOrEqual(5);
      expect(run.notes.failedWindows).toEqual([]);
      expect(readOf({ run, feeds, signals: [] })).toEqual([`${type} ${40 - 4 * left}/${40 - 4 * left}`]);
      expect(await connection.db.selectFrom("resource_version").select("type").where("type", "=", type).execute()).toHaveLength(40);
      expect(await creditOf(connection, type)).toEqual(["2026-03-01T00:00 2026-03-01T12:00"]);
      for (const table of ["open_window", "open_window_name", "open_window_page"])
        expect((await sql`select from ${sql.table(table)}`.execute(connection.db)).rows).toEqual([]);
    });
  });
});

test("where the link to the next page has expired meanwhile, or leads into another search, the window is begun anew", async () => {
  for (const elsewhere of [false, true]) {
    await withScratchPlace(async (place) => {
      await serveWard(proxy, events, ward);
      const before = await killAt(place, /^AuditEvent\?_lastUpdated/, 7);
      // Another server in its place knows none of its pages, or gives another search, that finds nothing, under that name.
      await serveWard(proxy, events, ward);
      const left = before.slice(3, 6);
      if (elsewhere) proxy.disturb((path) => (left.includes(path) ? "nothing" : undefined));
      await withConnection(place, async (connection) => {
        const { run } = await scanServer(connection, { ...scan, url: proxy.url, clock: proxy.clock });
        const again = proxy.asked.filter((path) => path === before[0] || left.includes(path));
        expect(left).toContain(again[0]);
        expect(again.slice(1)).toEqual([before[0]]);
        expect(run.notes.failedWindows).toEqual([]);
        expect(await connection.db.selectFrom("resource_version").select("type").where("type", "=", "AuditEvent").execute()).toHaveLength(
          40,
        );
        expect(await creditOf(connection, "AuditEvent")).toEqual(["2026-03-01T00:00 2026-03-01T12:00"]);
      });
    });
  }
});

test("records that committed pages name and that were not fetched when the process was killed are fetched by the next", async () => {
  await withScratchPlace(async (place) => {
    const reports = events.map((_, number) => ({
      resourceType: "DiagnosticReport",
      id: `k${number}`,
      status: "final",
      code: { text: "Potassium" },
      meta: { versionId: "1", lastUpdated: "2026-01-01T00:00:00Z" },
    }));
    await serveWard(proxy, [...events, ...reports], ward);
    await killAt(place, /^AuditEvent\?_lastUpdated/, 7);
    proxy.forget();
    await withConnection(place, async (connection) => {
      await scanServer(connection, { ...scan, url: proxy.url, clock: proxy.clock });
      const held = await connection.db.selectFrom("resource_version").select("type").where("type", "=", "DiagnosticReport").execute();
      expect(held).toHaveLength(40);
    });
  });
});

test("a record that comes again after a restart does not hide one that is missing: the window is read again", async () => {
  await withScratchPlace(async (place) => {
    await serveWard(proxy, events, ward);
    const before = await killAt(place, /^AuditEvent\?_lastUpdated/, 7);
    proxy.forget();
    // The page that was left gives the first record of all instead of one of its own.
    const asFirst = (text: string): string => text.replaceAll(/k(?:12|16|20)-verify-\d+/g, "k0-verify-20260301090000");
    proxy.disturb((path) => (before.slice(3, 6).includes(path) ? { becomes: asFirst } : undefined));
    await withConnection(place, async (connection) => {
      const { run } = await scanServer(connection, { ...scan, url: proxy.url, clock: proxy.clock });
      expect(proxy.asked).toContain(before[0]);
      expect(run.notes.failedWindows).toEqual([]);
      expect(await connection.db.selectFrom("resource_version").select("type").where("type", "=", "AuditEvent").execute()).toHaveLength(40);
    });
  });
});
