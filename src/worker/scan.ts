import { settingsOf } from "./site-view.ts";
import type { Connection } from "../db/connect.ts";
import { withSiteLock } from "../db/site-lock.ts";
import type { SiteConfig } from "../config/config.ts";
import type { SiteView } from "../detect/detection.ts";
import { beforeByCalendar } from "../domain/duration.ts";
import type { Instant } from "../domain/instant.ts";
import type { NowIs, ScanSummary } from "../domain/scan-summary.ts";
import { joinedActivities } from "../detect/joined-activities.ts";
import { copiedBy } from "../domain/by-actor.ts";
import { wantedBy } from "../domain/wanted.ts";
import type { SeriesSignal } from "../domain/series.ts";
import type { Signal } from "../domain/signal.ts";
import { UserError } from "../domain/user-error.ts";
import type { Patience } from "../fhir/fhir-server.ts";
import type { NormaliseContext } from "../normalise/normalise.ts";
import { logicHash } from "../signals/logic-hash.ts";
import { finishRun, startRun } from "../store/run.ts";
import { forgetLooks } from "../store/look.ts";
import { weighHours } from "../store/odd-hour.ts";
import { sealFindings } from "../store/seal-findings.ts";
import { takeSignalsInForce } from "../store/signal-version.ts";
import { findSite, getSite, writePulledLine, writeRetainedFrom, writeWatchSince, type Site } from "../store/site.ts";
import { detectSeries } from "./detect-series.ts";
import { detectSite } from "./detect.ts";
import { dropMonths } from "./drop-months.ts";
import { expire } from "./expire.ts";
import { makeMonthsAhead } from "./month-partitions.ts";
import { normaliseAnew } from "./normalise-anew.ts";
import { contextOf, pullAll, type ScanProgress, type SourceToRead } from "./pull-all.ts";
import { relateSite } from "./relate.ts";
import { releaseSuperseded } from "./release-superseded.ts";
import { replayPages } from "./replay.ts";
import { summarise } from "./summarise.ts";

/** What a scan is told to do. */
export interface ScanOptions {
  readonly config: SiteConfig;
  /** What to read first; none: judge what is held. */
  readonly sources: readonly SourceToRead[];
  readonly signals: readonly Signal[];
  /** Absent: no series is judged. */
  readonly series?: readonly SeriesSignal[];
  /** Judge as at this instant; absent: the latest time that the site's records carry. */
  readonly now?: Instant;
  /** Watch from here on; written once. */
  readonly since?: Instant;
  /** Read, and leave the judging to another run. */
  readonly pullOnly?: true;
  /** Read the last days of servers again, for what they indexed late. */
  readonly reconcile?: true;
  /** Try again to use what is in quarantine, before anything is read; of some keys only. */
  readonly replay?: { readonly keys?: readonly bigint[] };
  /** Judge everybody from nothing; `relate`: all that is held is related anew first. */
  readonly rebuild?: "judge" | "relate";
  /** How long servers are waited for; absent: as usual. */
  readonly patience?: Partial<Patience>;
  readonly progress?: ScanProgress;
}

/** What only the process knows. */
export interface ScanProcess {
  readonly clock: () => Instant;
  readonly makeId: () => string;
  /** From 0 to less than 1. */
  readonly random: () => number;
}

/** Reads, relates and judges one site, once. Safe to kill at any instant: what is committed is kept, the rest is done again. */
export async function scanSite(connection: Connection, options: ScanOptions, process: ScanProcess): Promise<ScanSummary> {
  const site = await getSite(connection.db, options.config.name);
  return withSiteLock(connection, site.siteId, site.name, () =>
    scanLockedSite(connection, { site, runId: process.makeId() }, options, process),
  );
}

/** The same, for whoever holds the site's lock. */
export async function scanLockedSite(
  connection: Connection,
  { site, runId }: { readonly site: Site; readonly runId: string },
  options: ScanOptions,
  { clock, random }: Omit<ScanProcess, "makeId">,
): Promise<ScanSummary> {
  const { db } = connection;
  const { config } = options;
  const startedAt = clock();
  const kind = options.rebuild ? "rebuild" : options.pullOnly ? "pull" : options.sources.length === 0 ? "detect" : "scan";
  await startRun(db, { id: runId, siteId: site.siteId, kind, startedAt });
  try {
    await takeSince(connection, site.siteId, site.watchSince, options.since);
    const context = contextOf(config);
    await normaliseAnew(db, { site, runId, startedAt, context }, (left) => options.progress?.normalising(left));
    if (options.replay) await replayPages(db, { runId, site, startedAt, context, keys: options.replay.keys });
    const since = site.watchSince ?? options.since;
    const { notes, until } = await pullAll(
      db,
      { siteId: site.siteId, site, runId },
      { ...options, context, since, startedAt, clock, random },
    );
    await weighHours(db, site.siteId);
    const latest = (await findSite(db, config.name))?.latestAt;
    if (options.pullOnly && site.judgedAt === undefined && latest !== undefined)
      await writePulledLine(db, site.siteId, lineOf(options)(Math.min(latest, startedAt)));
    const now = options.now ?? latest ?? startedAt;
    const view = options.pullOnly ? undefined : await judge(connection, { siteId: site.siteId, runId, startedAt, context }, options, now);
    const summary = await summarise(
      db,
      { runId, siteId: site.siteId, site: site.name, now, nowIs: nowIs(options.now, latest, until), startedAt, notes, kind },
      view,
      options.series ?? [],
    );
    const finishedAt = clock();
    await finishRun(db, runId, { now, finishedAt, state: summary.run.state, summary });
    return { ...summary, run: { ...summary.run, finishedAt } };
  } catch (error) {
    await finishRun(db, runId, {
      now: options.now,
      finishedAt: clock(),
      state: "failed",
      summary: error instanceof UserError ? { code: error.code } : null,
    });
    throw error;
  }
}

function nowIs(given: Instant | undefined, latest: Instant | undefined, serverClock: Instant | undefined): NowIs {
  if (given !== undefined) return "given";
  if (latest === undefined) return "start";
  return latest === serverClock ? "server-clock" : "latest-record";
}

async function takeSince({ db }: Connection, siteId: number, written: Instant | undefined, since: Instant | undefined): Promise<void> {
  if (since === undefined) return;
  if (written !== undefined && written !== since) {
    throw new UserError(
      "since-already-written",
      `This site is watched from ${new Date(written).toISOString()}, as --since said when it was first given.`,
      "Leave --since out, give the same instant again, or scan into another site (--site NAME).",
    );
  }
  await writeWatchSince(db, siteId, since);
}

/** How far back is looked from an instant: as long as the site keeps records, and as its signals look back. */
function lineOf({ config, signals }: ScanOptions): (at: Instant) => Instant {
  const { lookBackMs } = joinedActivities(signals);
  return (at) => Math.min(beforeByCalendar(at, config.retention, config.timeZone), at - lookBackMs);
}

interface JudgedRun {
  readonly siteId: number;
  readonly runId: string;
  /** By the process's clock. */
  readonly startedAt: Instant;
  readonly context: NormaliseContext;
}

async function judge(
  connection: Connection,
  { siteId, runId, startedAt, context: { mapping } }: JudgedRun,
  options: ScanOptions,
  now: Instant,
): Promise<SiteView> {
  const { db } = connection;
  const { config, progress } = options;
  const lineAt = lineOf(options);
  const site = await getSite(db, config.name);
  // What an earlier scan let go of does not exist for this one, whatever its `now`.
  const line = Math.max(lineAt(now), site.retainedFrom ?? -Infinity);
  // A slip in --now must not drop for good what is not old yet: detection looks no further back than the line all the same.
  const retainedFrom = Math.min(line, lineAt(startedAt));
  await sealFindings(db, siteId, retainedFrom);
  await writeRetainedFrom(db, siteId, retainedFrom);
  await expire(db, siteId, runId, retainedFrom);
  await forgetLooks(db, siteId, beforeByCalendar(startedAt, config.looksKept, config.timeZone));
  await makeMonthsAhead(db, now);
  await releaseSuperseded(db, siteId);
  const signals = await takeSignalsInForce(
    db,
    siteId,
    options.signals.map((signal) => ({ signal, edition: logicHash(signal) })),
    now,
  );
  const all = signals.flatMap(({ versions }) => versions.map(({ signal }) => signal));
  const wanted = wantedBy(all, options.series);
  const copied = copiedBy(all);
  const everything = options.rebuild === "relate";
  const relating = { siteId, name: config.name, rules: mapping.urgency, wanted, copied, ending: joinedActivities(all).ending };
  const measures = (options.series ?? []).some(({ series }) => series.number.what !== "records");
  await relateSite(db, { ...relating, measures, everything }, (left) => progress?.relating(left));
  const settings = { siteId, ...settingsOf(config), watchSince: site.watchSince, madeFrom: mapping.madeFrom, signals, wanted };
  const view = await detectSite(db, settings, { now, line, everybody: options.rebuild !== undefined }, (left) => progress?.judging(left));
  const { feeds, madeFrom } = view;
  const series = {
    siteId,
    site: config.name,
    timeZone: config.timeZone,
    now,
    line,
    everything: options.rebuild !== undefined,
    feeds,
    madeFrom,
  };
  await detectSeries(db, series, options.series ?? []);
  await dropMonths(db);
  return view;
}
