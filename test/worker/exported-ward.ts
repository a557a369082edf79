import type { ScanSummary } from "../../src/domain/scan-summary.ts";
import { creditOf, wholeExport, type ServerScan } from "./scan-server.ts";
import { connection, proxy, scanProxy } from "./served-behind-proxy.ts";

export const midnight = "2026-03-02T00:00:00Z";
/** What a type is credited with where its export was whole. */
export const whole = "2026-02-01T00:00 2026-03-02T00:00";
export const types = ["Patient", "ServiceRequest", "Task"];

/** Reads these types of the ward behind the proxy by its export. */
export function exportWard(more: Partial<ServerScan> = {}): Promise<ScanSummary> {
  return scanProxy({ since: "2026-02-01T00:00:00Z", bulk: wholeExport, types, ...more });
}

/** What each of the types is credited with. */
export function creditsOfWard(): Promise<string[][]> {
  return Promise.all(types.map((type) => creditOf(connection, type)));
}

/** What was asked for that begins like this. */
export function askedFor(start: string): string[] {
  return proxy.asked.filter((path) => path.startsWith(start)).map(decodeURIComponent);
}
