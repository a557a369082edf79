import type { Config, SiteConfig } from "../config/config.ts";
import { siteConfig } from "../config/load-config.ts";
import type { Connection } from "../db/connect.ts";
import { whenSiteIsFree } from "../db/site-lock.ts";
import type { Instant } from "../domain/instant.ts";
import type { ScanSummary } from "../domain/scan-summary.ts";
import { claimDueRuns, listSitesDue, settleByRuns, type AskedKind, type Claimed } from "../store/due-run.ts";
import { getSite } from "../store/site.ts";
import { addDueSlots } from "./due-slots.ts";
import { scanLockedSite, type ScanOptions, type ScanProcess } from "./scan.ts";

/** What the scheduler is made with. */
export interface ScheduleParts {
  readonly config: Config;
  /** What to read of a site, and what to judge it by. */
  readonly planSite: (config: SiteConfig) => Pick<ScanOptions, "config" | "sources" | "signals" | "series">;
  readonly process: ScanProcess;
  /** Hears of every run when it has ended. */
  readonly report: (settled: SettledRun) => void;
}

export interface SettledRun {
  readonly runId: string;
  readonly site: string;
  readonly kind: AskedKind;
  /** How many slots and asked-for runs it settled. */
  readonly settled: number;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly outcome: { readonly summary: ScanSummary } | { readonly error: unknown };
}

/**
 * Settles all that is due now, each site by one run, whatever number of its slots went by; sites that somebody else is
 * scanning are left to them. A run that fails settles its slots as failed, the next slot tries again, and no other site
 * waits for it. Any number of processes may do this at once, and each be killed at any instant.
 */
export async function settleDueRuns(connection: Connection, parts: ScheduleParts): Promise<void> {
  await addDueSlots(connection.db, parts.config, parts.process);
  for (const { siteId, site } of await listSitesDue(connection.db, parts.process.clock())) {
    const settled = await whenSiteIsFree(connection, siteId, () => settleSite(connection, siteId, site, parts));
    if (settled?.result) parts.report(settled.result);
  }
}

/** Undefined where nothing was left to do. */
async function settleSite(
  connection: Connection,
  siteId: number,
  name: string,
  { config, planSite, process }: ScheduleParts,
): Promise<SettledRun | undefined> {
  const { db } = connection;
  await settleByRuns(db, siteId);
  const startedAt = process.clock();
  const runId = process.makeId();
  const claimed = await claimDueRuns(db, { siteId, now: startedAt, runId });
  if (claimed.length === 0) return undefined;
  const kind = kindOf(claimed);
  const scan = async (): Promise<SettledRun["outcome"]> => {
    const options = { ...planSite(siteConfig(config, name)), ...howToScan(kind, claimed) };
    return { summary: await scanLockedSite(connection, { site: await getSite(db, name), runId }, options, process) };
  };
  const outcome = await scan().catch((error: unknown) => ({ error }));
  await settleByRuns(db, siteId);
  return { runId, site: name, kind, settled: claimed.length, startedAt, finishedAt: process.clock(), outcome };
}

/** What a reconcile reads holds all that an increment would; a replay alone reads nothing. */
function kindOf(claimed: readonly Claimed[]): AskedKind {
  const kinds: readonly AskedKind[] = ["reconcile", "increment", "replay"];
  return kinds.find((kind) => claimed.some((each) => each.kind === kind)) ?? "increment";
}

function howToScan(kind: AskedKind, claimed: readonly Claimed[]): Partial<ScanOptions> {
  const replays = claimed.filter((each) => each.kind === "replay");
  const keys = replays.flatMap((each) => each.keys ?? []);
  return {
    ...(kind === "reconcile" && { reconcile: true as const }),
    ...(kind === "replay" && { sources: [] }),
    ...(replays.length > 0 && { replay: replays.every((each) => each.keys) ? { keys } : {} }),
  };
}
