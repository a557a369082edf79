import type { Connection } from "../db/connect.ts";
import type { Instant } from "../domain/instant.ts";
import { UserError } from "../domain/user-error.ts";
import { commandLineViewer } from "../domain/viewer.ts";
import { folderSize } from "../fhir/folder-files.ts";
import { listUnknowns } from "../store/unknown.ts";
import { scanSite, type ScanOptions } from "../worker/scan.ts";
import type { ScanSummary } from "../domain/scan-summary.ts";
import { withDatabase, type Runtime } from "./runtime.ts";
import type { SitePlan } from "./scan-plan.ts";
import { logProgress, showProgress } from "./scan-progress.ts";
import { showSummary } from "./show-summary.ts";
import { summaryJson } from "../domain/summary-json.ts";

export interface ScansOptions {
  readonly now?: Instant | undefined;
  readonly since?: Instant | undefined;
  readonly pullOnly?: true;
  readonly rebuild?: ScanOptions["rebuild"];
  readonly json?: true | undefined;
}

/** A plan, and how much its sources hold. */
interface Measured extends SitePlan {
  readonly bytesOf: ReadonlyMap<string, number>;
  /** Files that are nothing we read. */
  readonly ignored: readonly string[];
}

/**
 * Scans site after site and prints a summary of each. Where there are several, one that cannot be scanned keeps none
 * of the others from it. The exit code is the worst: 2 one could not be scanned, 3 some feed is incomplete, 0 done.
 * The database is opened where it is not `held` open.
 */
export async function runScans(runtime: Runtime, plans: readonly SitePlan[], options: ScansOptions, held?: Connection): Promise<void> {
  const isAlone = plans.length === 1;
  const attempt = async <T>(site: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (isAlone || !(error instanceof UserError)) throw error;
      runtime.err(`Site ${site} was not scanned. ${error.message}\n${error.fix}`);
      return undefined;
    }
  };
  const ready: Measured[] = [];
  for (const plan of plans) {
    const measured = await attempt(plan.config.name, () => measure(plan));
    if (measured) ready.push(measured);
  }
  const scanAll = (connection: Connection): Promise<ScanSummary[]> => scanEach(runtime, connection, ready, options, attempt);
  const summaries = ready.length === 0 ? [] : await (held ? scanAll(held) : withDatabase(runtime, scanAll));
  const failed = summaries.length < plans.length;
  runtime.setExitCode(failed ? 2 : summaries.some(({ run }) => run.state === "incomplete") ? 3 : 0);
}

type Attempt = (site: string, work: () => Promise<ScanSummary>) => Promise<ScanSummary | undefined>;

async function scanEach(
  runtime: Runtime,
  connection: Connection,
  plans: readonly Measured[],
  options: ScansOptions,
  attempt: Attempt,
): Promise<ScanSummary[]> {
  const summaries: ScanSummary[] = [];
  for (const plan of plans) {
    const summary = await attempt(plan.config.name, () => scanOne(runtime, connection, plan, options));
    if (!summary) continue;
    if (options.json) runtime.out(JSON.stringify(summaryJson(summary)));
    else {
      const unknowns = await listUnknowns(connection.db, commandLineViewer, { all: true, sites: [plan.config.name] });
      const text = showSummary(summary, { asked: plan.signals.map(({ id }) => id), ignored: plan.ignored, unknowns });
      runtime.out(`${summaries.length > 0 ? "\n" : ""}${text}`);
    }
    summaries.push(summary);
  }
  return summaries;
}

async function scanOne(runtime: Runtime, connection: Connection, plan: Measured, options: ScansOptions): Promise<ScanSummary> {
  const progress = runtime.isTerminal ? showProgress(plan.config.name, plan.bytesOf) : logProgress(plan.config.name, runtime.err);
  const { now, since, pullOnly, rebuild } = options;
  const told: ScanOptions = {
    config: plan.config,
    sources: plan.sources,
    signals: plan.signals,
    ...(plan.series && { series: plan.series }),
    ...(now !== undefined && { now }),
    ...(since !== undefined && { since }),
    ...(pullOnly && { pullOnly }),
    ...(rebuild && { rebuild }),
    progress,
  };
  try {
    return await scanSite(connection, told, runtime);
  } finally {
    progress.end();
  }
}

/** Before the database is opened: a folder that cannot be read is told at once. */
async function measure(plan: SitePlan): Promise<Measured> {
  const folders = plan.sources.flatMap((source) => ("folder" in source ? [source] : []));
  const sizes = await Promise.all(folders.map(async ({ name, folder }) => ({ name, ...(await folderSize(folder)) })));
  return { ...plan, bytesOf: new Map(sizes.map(({ name, bytes }) => [name, bytes])), ignored: sizes.flatMap(({ ignored }) => ignored) };
}
