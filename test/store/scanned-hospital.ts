import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import { scanSite, type ScanOptions } from "../../src/worker/scan.ts";
import { defaultSignals } from "../signals/default-signals.ts";

export const hospitalNow = Date.parse("2026-03-16T09:00:00Z");
/** Where its coverage begins: what a server is asked for from. */
export const hospitalSince = Date.parse("2025-12-01T00:00:00Z");
const hospitalSites = ["north", "south", "west"];

const timeZones: Readonly<Record<string, string>> = { west: "Europe/Gibraltar" };

/** Scans into a site: a folder, other sources, or nothing new. */
export async function scanInto(
  connection: Connection,
  site: string,
  options: Partial<ScanOptions> & { folder?: string } = {},
): Promise<void> {
  const { folder, ...rest } = options;
  const config = { ...siteConfig(loadConfig({ env: {} }), site), timeZone: timeZones[site] ?? "Europe/London" };
  const sources = folder === undefined ? [] : [{ name: "folder", folder }];
  await scanSite(
    connection,
    { config, sources, signals: defaultSignals, now: hospitalNow, ...rest },
    { clock: () => hospitalNow, makeId: randomUUID, random: () => 0 },
  );
}

/** The whole fixture hospital. */
export async function scanHospital(connection: Connection): Promise<void> {
  for (const site of hospitalSites)
    await scanInto(connection, site, { folder: fileURLToPath(new URL(`../../fixtures/hospital/${site}`, import.meta.url)) });
}
