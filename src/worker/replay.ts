import { Readable } from "node:stream";
import type { Kysely } from "kysely";
import type { SiteConfig } from "../config/config.ts";
import type { Connection } from "../db/connect.ts";
import type { Database } from "../db/schema.ts";
import { withSiteLock } from "../db/site-lock.ts";
import type { Instant } from "../domain/instant.ts";
import { UserError } from "../domain/user-error.ts";
import { parseJson } from "../fhir/parse-json.ts";
import { unroll } from "../fhir/unroll.ts";
import { normalise, type NormaliseContext } from "../normalise/normalise.ts";
import { leftOutCode } from "../store/bulk-export.ts";
import { pageQuarantine, releaseQuarantined, type QuarantinedWhole } from "../store/quarantine.ts";
import { finishRun, listRunFeeds, startRun } from "../store/run.ts";
import { getSite, writeLatest, type Site } from "../store/site.ts";
import type { Pulled } from "./pulled.ts";
import { contextOf } from "./pull-all.ts";
import type { ScanProcess } from "./scan.ts";
import { takeIn } from "./take-in.ts";

const pageSize = 200;

/** What a replay of one site's quarantine came to. */
export interface Replay {
  readonly site: string;
  /** Looked at again. */
  readonly tried: number;
  /** Taken in now; held already; of a type that nothing uses. */
  readonly stored: number;
  readonly duplicate: number;
  readonly skipped: number;
  /** Still of no use, and still in quarantine. */
  readonly left: number;
}

/** Normalises again what is in quarantine, all of it or some keys, and takes in what can be used now, as a pull does. */
export async function replayQuarantine(
  connection: Connection,
  options: { config: SiteConfig; keys?: readonly bigint[] },
  process: ScanProcess,
): Promise<Replay> {
  const { db } = connection;
  const site = await getSite(db, options.config.name);
  return withSiteLock(connection, site.siteId, site.name, async () => {
    const [id, startedAt] = [process.makeId(), process.clock()];
    await startRun(db, { id, siteId: site.siteId, kind: "replay", startedAt });
    const finish = (state: "complete" | "failed", summary: unknown): Promise<void> =>
      finishRun(db, id, { now: undefined, finishedAt: process.clock(), state, summary });
    try {
      const tally = await replayPages(db, { runId: id, site, startedAt, keys: options.keys, context: contextOf(options.config) });
      const feeds = await listRunFeeds(db, id);
      const sum = (name: "stored" | "duplicate" | "skipped"): number => feeds.reduce((total, feed) => total + feed[name], 0);
      const replay = { site: site.name, ...tally, stored: sum("stored"), duplicate: sum("duplicate"), skipped: sum("skipped") };
      await finish("complete", replay);
      return replay;
    } catch (error) {
      await finish("failed", error instanceof UserError ? { code: error.code } : null);
      throw error;
    }
  });
}

/** A replay as a part of a run: the same under the run's own id. */
export interface ReplayRun {
  readonly runId: string;
  readonly site: Site;
  readonly startedAt: Instant;
  readonly keys: readonly bigint[] | undefined;
  readonly context: NormaliseContext;
}

/** Page after page; safe to kill at any instant, and to do again. */
export async function replayPages(db: Kysely<Database>, run: ReplayRun): Promise<{ tried: number; left: number }> {
  const { siteId } = run.site;
  const tally = { tried: 0, left: 0 };
  let after: bigint | undefined;
  for (;;) {
    const page = await pageQuarantine(db, siteId, { after, limit: pageSize, ...(run.keys && { keys: run.keys }) });
    if (page.length === 0) return tally;
    after = page.at(-1)?.key;
    const usable = page.flatMap((row) => {
      const resources = usableResources(row, run.context);
      return resources === undefined ? [] : [{ row, resources }];
    });
    await takeUsable(db, run, usable);
    // Afterwards, so that a process that dies in between has lost nothing: the next replay finds it held, and releases it.
    await releaseQuarantined(
      db,
      siteId,
      usable.map(({ row }) => row),
    );
    tally.tried += page.length;
    tally.left += page.length - usable.length;
  }
}

interface Usable {
  readonly row: QuarantinedWhole;
  readonly resources: readonly unknown[];
}

async function takeUsable(db: Kysely<Database>, { runId, site, startedAt, context }: ReplayRun, usable: readonly Usable[]): Promise<void> {
  let latest = -Infinity;
  const noteTime = (_: string, at: Instant): void => {
    if (at <= startedAt) latest = Math.max(latest, at);
  };
  for (const [source, ofSource] of Map.groupBy(usable, ({ row }) => row.source)) {
    const pulled = ofSource.flatMap(({ row, resources }) =>
      resources.map((resource): Pulled => ({ kind: "resource", file: row.file, line: row.line, resource })),
    );
    await takeIn(db, { siteId: site.siteId, site, source, runId }, Readable.from([pulled]), context, { time: noteTime });
  }
  if (Number.isFinite(latest)) await writeLatest(db, site.siteId, latest);
}

/** Kept only in part, or as letters that are not its own: no later version of ours can read it. Or no record at all. */
const notReadAgain = ["too-large", "not-utf8", "damaged-gzip", leftOutCode];

/** Every resource of a quarantined text, where all of them can be used now. */
function usableResources({ code, body }: QuarantinedWhole, context: NormaliseContext): unknown[] | undefined {
  if (notReadAgain.includes(code)) return undefined;
  const parsed = parseJson(body);
  if ("error" in parsed) return undefined;
  const resources = Array.from(unroll(parsed.value), (each) => ("resource" in each ? each.resource : undefined));
  const areUsable = resources.length > 0 && resources.every((resource) => normalise(resource, context).kind !== "refused");
  return areUsable ? resources : undefined;
}
