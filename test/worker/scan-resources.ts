import { randomUUID } from "node:crypto";
import type { SiteConfig } from "../../src/config/config.ts";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import type { Signal } from "../../src/domain/signal.ts";
import { scanSite } from "../../src/worker/scan.ts";
import type { ScanSummary } from "../../src/domain/scan-summary.ts";
import { makeFolder } from "../fhir/make-folder.ts";
import { defaultSignals } from "../signals/default-signals.ts";

export const catalogue = defaultSignals;

export interface SmallScan {
  readonly resources?: readonly object[];
  readonly coverage?: Readonly<Record<string, readonly (readonly [string, string])[]>>;
  readonly now?: string;
  readonly since?: string;
  readonly signals?: readonly Signal[];
  readonly site?: string;
  /** What the process's clock says; absent: later than every test's records. */
  readonly clock?: string;
  /** As `rebuild --relate`. */
  readonly rebuild?: true;
  /** As `rebuild` by itself. */
  readonly rejudge?: true;
  readonly pullOnly?: true;
  /** What the site's configuration says otherwise. */
  readonly change?: Partial<SiteConfig>;
}

/** Scans resources as one folder, as the command line would; without any, judges what is held. */
export async function scanResources(connection: Connection, scan: SmallScan): Promise<ScanSummary> {
  const folder =
    scan.resources &&
    makeFolder({
      "records.ndjson": scan.resources.map((resource) => `${JSON.stringify(resource)}\n`).join(""),
      ...(scan.coverage && { "coverage.json": JSON.stringify(scan.coverage) }),
    });
  const options = {
    config: { ...siteConfig(loadConfig({ env: {} }), scan.site ?? "default"), ...scan.change },
    sources: folder === undefined ? [] : [{ name: "folder", folder }],
    signals: scan.signals ?? catalogue,
    ...(scan.pullOnly && { pullOnly: scan.pullOnly }),
    ...(scan.now !== undefined && { now: Date.parse(scan.now) }),
    ...(scan.rebuild && { rebuild: "relate" as const }),
    ...(scan.rejudge && { rebuild: "judge" as const }),
    ...(scan.since !== undefined && { since: Date.parse(scan.since) }),
  };
  return scanSite(connection, options, {
    clock: () => Date.parse(scan.clock ?? "2027-01-01T00:00:00Z"),
    makeId: randomUUID,
    random: () => 0,
  });
}

/** The loops of a signal as `subject verdict reason due`, sorted. */
export async function listVerdicts({ db }: Connection, signal: string): Promise<string[]> {
  const rows = await db
    .selectFrom("loop")
    .innerJoin("record", "record.resource_key", "loop.subject_key")
    .select(["record.id", "loop.verdict", "loop.reason", "loop.due_at", "loop.before_watch"])
    .where("loop.signal", "=", signal)
    .execute();
  return rows
    .map((row) =>
      [row.id, row.verdict, row.reason ?? "", new Date(row.due_at).toISOString(), row.before_watch ? "before" : ""]
        .filter(Boolean)
        .join(" "),
    )
    .sort();
}
