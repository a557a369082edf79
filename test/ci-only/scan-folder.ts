import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import { scanSite, type ScanOptions } from "../../src/worker/scan.ts";
import type { ScanSummary } from "../../src/domain/scan-summary.ts";
import { defaultSignals } from "../signals/default-signals.ts";

/** Reads and judges a folder in this process, keeping what is sixty years old: most public examples are old. */
export function scanFolder(connection: Connection, site: string, folder: string, options: Partial<ScanOptions> = {}): Promise<ScanSummary> {
  const config = { ...siteConfig(loadConfig({ env: {} }), site), retention: "P60Y" };
  return scanSite(
    connection,
    { config, sources: [{ name: "folder", folder }], signals: defaultSignals, ...options },
    { clock: () => Date.parse("2027-01-01T00:00:00Z"), makeId: randomUUID, random: () => 0 },
  );
}

export interface ScannedLoop {
  readonly id: string;
  readonly signal: string;
  readonly subject: string;
  readonly verdict: string;
  readonly reason: string | null;
  readonly openedAt: number;
  readonly dueAt: number;
  readonly metAt: number | null;
  readonly beforeWatch: boolean;
}

/** Every loop of a site, findings or not. */
export async function listLoops(connection: Connection, site: string): Promise<ScannedLoop[]> {
  const { rows } =
    await sql<ScannedLoop>`select loop.loop_id as id, loop.signal, record.type || '/' || record.id as subject, loop.verdict, loop.reason,
      loop.opened_at as "openedAt", loop.due_at as "dueAt", loop.met_at as "metAt", loop.before_watch as "beforeWatch"
    from loop join record on record.resource_key = loop.subject_key join site on site.site_id = loop.site_id
    where site.name = ${site} order by loop.loop_id`.execute(connection.db);
  return rows;
}
