import type { Instant } from "../domain/instant.ts";
import type { ScanSummary } from "../domain/scan-summary.ts";
import type { Db } from "../store/db.ts";
import { listRuns, readSummary } from "../store/run.ts";
import { listSites, type Site } from "../store/site.ts";

/** Up to when a site was seen, and how completely. */
export interface SeenSite {
  readonly site: string;
  /** The last detection that ended; absent where there was none: then nothing is known. */
  readonly judged?: { readonly at: Instant; readonly isWhole: boolean; readonly summary: ScanSummary | null };
  /** When the latest run began that failed since, or died. */
  readonly failedAt?: Instant;
  /** When a run began that has not ended. */
  readonly runningSince?: Instant;
}

const runsLookedThrough = 100;

/** The others read, or take in, and leave the judging to one of these. */
export const judgingKinds: readonly string[] = ["scan", "detect", "rebuild"];

/** Of the sites wanted, else of all, by name. */
export async function listSeenSites(db: Db, wanted: readonly string[] | undefined): Promise<SeenSite[]> {
  const sites = (await listSites(db)).filter((site) => wanted === undefined || wanted.includes(site.name));
  const seen: SeenSite[] = [];
  for (const site of sites) seen.push(await seeSite(db, site));
  return seen;
}

async function seeSite(db: Db, { siteId, name, judgedAt }: Site): Promise<SeenSite> {
  const runs = await listRuns(db, siteId, runsLookedThrough);
  const last = runs.find((run) => judgingKinds.includes(run.kind) && (run.state === "complete" || run.state === "incomplete"));
  const later = last === undefined ? runs : runs.slice(0, runs.indexOf(last));
  const failed = later.find((run) => run.state === "failed" || run.state === "interrupted");
  const running = later.find((run) => run.state === "running");
  return {
    site: name,
    ...(last &&
      judgedAt !== undefined && {
        judged: { at: judgedAt, isWhole: last.state === "complete", summary: await readSummary(db, last.id) },
      }),
    ...(failed && { failedAt: failed.startedAt }),
    ...(running && { runningSince: running.startedAt }),
  };
}
