import type { Instant } from "../domain/instant.ts";
import type { ScanSummary } from "../domain/scan-summary.ts";
import type { Db } from "../store/db.ts";
import { everySite, noneQuiet, type QuietSites } from "../store/quiet-sites.ts";
import { recallOne } from "../store/recall.ts";
import { listLatestRuns } from "../store/run.ts";
import { listSites } from "../store/site.ts";

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

/** The others read, or take in, and leave the judging to one of these. */
export const judgingKinds: readonly string[] = ["scan", "detect", "rebuild"];

/** Of the sites wanted, else of all, by name. */
export async function listSeenSites(db: Db, wanted: readonly string[] | undefined, quiet: QuietSites = noneQuiet): Promise<SeenSite[]> {
  const all = await recallOne(db, quiet, "seen", { site: everySite, key: "" }, () => readSeenSites(db));
  return all.filter(({ site }) => wanted === undefined || wanted.includes(site));
}

async function readSeenSites(db: Db): Promise<SeenSite[]> {
  const sites = await listSites(db);
  const latest = await listLatestRuns(
    db,
    sites.map(({ siteId }) => siteId),
    judgingKinds,
  );
  return sites.map(({ siteId, name, judgedAt }) => {
    const { judged, failedAt, runningSince } = latest.get(siteId) ?? {};
    return {
      site: name,
      ...(judged && judgedAt !== undefined && { judged: { at: judgedAt, ...judged } }),
      ...(failedAt !== undefined && { failedAt }),
      ...(runningSince !== undefined && { runningSince }),
    };
  });
}
