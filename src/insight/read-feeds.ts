import type { Instant, Interval } from "../domain/instant.ts";
import { statedOf } from "../domain/feed-statement.ts";
import { subtract, unite } from "../domain/interval.ts";
import { listCoverage, listFeeds, type StoredCoverage } from "../store/coverage.ts";
import type { Db } from "../store/db.ts";
import { listFeedStatements } from "../store/feed-statement.ts";
import { listLastReads } from "../store/run.ts";
import type { Site } from "../store/site.ts";
import type { SeenSite } from "./seen-sites.ts";

/** One feed of a site: what of it has been read, and what the last judgement missed of its type. */
export interface FeedRead {
  readonly source: string;
  readonly type: string;
  readonly how: readonly StoredCoverage["how"][];
  /** Less the outages that people entered. */
  readonly covered: readonly Interval[];
  readonly coveredUntil: Instant | undefined;
  /** Of the type, over all sources, while the site was watched; none where no signal uses it. */
  readonly gaps: readonly Interval[];
  /** When the latest run began that was given something of it. */
  readonly lastReadAt: Instant | undefined;
}

export async function readFeeds(db: Db, { siteId }: Site, seen: SeenSite | undefined): Promise<FeedRead[]> {
  const coverage = await listCoverage(db, siteId);
  const statements = await listFeedStatements(db, siteId);
  const reads = await listLastReads(db, siteId);
  return (await listFeeds(db, siteId)).map(({ source, type }) => {
    const rows = coverage.filter((row) => row.source === source && row.type === type);
    const covered = subtract(rows, statedOf(statements, "outage", source, type));
    return {
      source,
      type,
      how: [...new Set(rows.map((row) => row.how))].sort(),
      covered,
      coveredUntil: covered.at(-1)?.to,
      gaps: unite((seen?.judged?.summary?.feeds ?? []).filter((feed) => feed.type === type).flatMap((feed) => feed.gaps)),
      lastReadAt: reads.find((read) => read.source === source && read.type === type)?.at,
    };
  });
}
