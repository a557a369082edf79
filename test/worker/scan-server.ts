import { randomUUID } from "node:crypto";
import type { BulkSettings } from "../../src/config/config.ts";
import type { ServerAccess } from "../../src/config/server-access.ts";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import type { Instant, Interval } from "../../src/domain/instant.ts";
import type { ScanSummary } from "../../src/domain/scan-summary.ts";
import { listCoverage } from "../../src/store/coverage.ts";
import { getSite } from "../../src/store/site.ts";
import { scanSite, type ScanOptions } from "../../src/worker/scan.ts";
import { catalogue } from "./scan-resources.ts";

export interface ServerScan extends Partial<Pick<ScanOptions, "signals" | "reconcile" | "patience" | "progress">> {
  readonly url: string;
  readonly since?: string;
  /** Absent: as the server's clock says. */
  readonly now?: string;
  readonly lagMs?: number;
  readonly types?: readonly string[];
  readonly sideBySide?: number;
  readonly counts?: boolean;
  readonly budget?: { readonly timeMs?: number; readonly failures?: number };
  readonly site?: string;
  readonly source?: string;
  readonly timeZone?: string;
  /** Read by exports. */
  readonly bulk?: BulkSettings;
  readonly access?: ServerAccess;
  /** Our own. */
  readonly clock: () => Instant;
}

/** Scans a server as the command line would, but that nobody waits for anything. */
export async function scanServer(connection: Connection, scan: ServerScan): Promise<ScanSummary> {
  const {
    url,
    since,
    now,
    lagMs = 0,
    types,
    site = "default",
    source = "server",
    timeZone = "Europe/London",
    bulk,
    access,
    sideBySide,
    counts,
    budget,
    clock,
    ...options
  } = scan;
  const told: ScanOptions = {
    config: { ...siteConfig(loadConfig({ env: {} }), site), timeZone },
    sources: [
      {
        name: source,
        url,
        lagMs,
        ...(types && { types }),
        ...(bulk && { bulk }),
        ...(access && { access }),
        ...(sideBySide !== undefined && { sideBySide }),
        ...(counts !== undefined && { counts }),
        ...(budget !== undefined && { budget }),
      },
    ],
    signals: catalogue,
    patience: { waitsMs: [0], sleep: () => Promise.resolve() },
    ...(since !== undefined && { since: Date.parse(since) }),
    ...(now !== undefined && { now: Date.parse(now) }),
    ...options,
  };
  return scanSite(connection, told, { clock, makeId: randomUUID, random: () => 0 });
}

/** All that a server has, by its export; an hour is waited for it, by the sum of what it asks for. */
export const wholeExport: BulkSettings = { level: "system", waitMs: 3_600_000, fileHosts: [] };

/** What a feed was credited with, each interval as `from to`. */
export async function creditOf({ db }: Connection, type: string, site = "default"): Promise<string[]> {
  const { siteId } = await getSite(db, site);
  return (await listCoverage(db, siteId)).filter((each) => each.type === type).map(writeInterval);
}

export function writeInterval({ from, to }: Interval): string {
  return [from, to].map((at) => (at === -Infinity ? "ever" : new Date(at).toISOString().replace(/:00\.000Z$/, ""))).join(" ");
}

/** What was read of each type, as `type stored/read`. */
export function readOf({ feeds }: ScanSummary): string[] {
  return feeds.filter(({ read }) => read > 0).map(({ type, stored, read }) => `${type} ${stored}/${read}`);
}
