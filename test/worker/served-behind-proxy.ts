import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import type { ScanSummary } from "../../src/domain/scan-summary.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { startDisturbingProxy, type DisturbingProxy } from "./disturbing-proxy.ts";
import { scanServer, writeInterval, type ServerScan } from "./scan-server.ts";

/** Those of the test file, from its first test on. */
export let connection: Connection;
export let proxy: DisturbingProxy;

/** Gives the tests of a file a database, empty before each, and a proxy before whatever server they put behind it. */
export function serveBehindProxy(): void {
  beforeAll(async () => {
    [connection, proxy] = await Promise.all([scratchDatabase(), startDisturbingProxy()]);
  });
  afterAll(async () => {
    await proxy.close();
    await connection.close();
  });
  beforeEach(() => truncateAll(connection.db));
}

/** Scans what stands behind the proxy, by its own clock. */
export function scanProxy(scan: Omit<ServerScan, "url" | "clock"> & { readonly clock?: ServerScan["clock"] }): Promise<ScanSummary> {
  return scanServer(connection, { url: proxy.url, clock: proxy.clock, ...scan });
}

/** What a server did not give, as `Task: answered HTTP 500`. */
export function failuresOf({ run }: ScanSummary): string[] {
  return run.notes.failedWindows.map(({ type, reason }) => `${type}: ${reason}`);
}

/** The same, each with its interval of time. */
export function failedWindowsOf({ run }: ScanSummary): string[] {
  return run.notes.failedWindows.map((window) => `${window.type} ${writeInterval({ from: -Infinity, ...window })} ${window.reason}`);
}
