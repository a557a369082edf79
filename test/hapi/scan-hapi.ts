import { randomUUID } from "node:crypto";
import { inject } from "vitest";
import { sites } from "../../fixtures/sites.ts";
import { defaultLagMs, loadConfig, siteConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import type { ScanSummary } from "../../src/domain/scan-summary.ts";
import { scanSite, type ScanOptions } from "../../src/worker/scan.ts";
import { passLastWrite } from "./ask-hapi.ts";
import { defaultSignals } from "../signals/default-signals.ts";

/** Scans all that the server holds by now into a site, by the real clock, as `scan --from` would. */
export async function scanHapi(connection: Connection, site: string, options: Partial<ScanOptions>): Promise<ScanSummary> {
  const url = inject("hapiBase");
  await passLastWrite(url);
  const timeZone = sites.find(({ id }) => id === site)?.timeZone ?? "Europe/London";
  const config = { ...siteConfig(loadConfig({ env: {} }), site), timeZone };
  const sources = [{ name: "server", url, lagMs: defaultLagMs }];
  return scanSite(
    connection,
    { config, sources, signals: defaultSignals, ...options },
    { clock: Date.now, makeId: randomUUID, random: () => 0 },
  );
}
