import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { closingFeeds, openingFeeds } from "../detect/signal-feeds.ts";
import type { SiteView } from "../detect/detection.ts";
import { seenBy } from "../detect/gaps.ts";
import type { Instant, Interval } from "../domain/instant.ts";
import { subtract } from "../domain/interval.ts";
import type { Verdict } from "../domain/verdict.ts";
import type { FeedSummary, NowIs, PullNotes, RunFeed, ScanSummary, SeriesSummary, SignalSummary } from "../domain/scan-summary.ts";
import type { SeriesSignal } from "../domain/series.ts";
import { allTeams } from "../store/loop-count.ts";
import { countAlarms } from "../store/alarm.ts";
import { listRunCounts } from "../store/run-count.ts";
import { listRunFeeds } from "../store/run.ts";

interface Run {
  readonly runId: string;
  readonly siteId: number;
  readonly site: string;
  readonly kind: string;
  readonly now: Instant;
  readonly nowIs: NowIs;
  readonly startedAt: Instant;
  readonly notes: PullNotes;
}

/** Sums a run up from the database; without a view it was a pull alone. */
export async function summarise(
  db: Kysely<Database>,
  run: Run,
  view: SiteView | undefined,
  series: readonly Pick<SeriesSignal, "id" | "version">[],
): Promise<ScanSummary> {
  const { siteId, notes, ...shown } = run;
  const counts = await listRunFeeds(db, run.runId);
  checkCounts(counts);
  const gapsByType = view ? gapsOf(view, run.now) : new Map<string, Interval[]>();
  const counted = await listRunCounts(db, run.runId);
  const feeds = listFeedSummaries(counts, view, gapsByType).map((feed): FeedSummary => {
    const found = counted.find(({ source, type }) => source === feed.source && type === feed.type);
    if (found === undefined) return feed;
    const { expected, given, counted: windows, uncounted } = found;
    return { ...feed, count: { expected, given, counted: windows, uncounted } };
  });
  const isWhole =
    feeds.every((feed) => feed.gaps.length === 0) &&
    (await countQuarantined(db, siteId)) === 0 &&
    notes.cutShort.length + notes.failedWindows.length + notes.notOffered.length === 0 &&
    (view === undefined || (view.signals.length > 0 && Number.isFinite(view.watchFrom) && view.watchFrom < run.now));
  return {
    run: {
      id: run.runId,
      site: shown.site,
      kind: shown.kind,
      now: shown.now,
      nowIs: shown.nowIs,
      startedAt: shown.startedAt,
      state: isWhole ? "complete" : "incomplete",
      ...(view && Number.isFinite(view.watchFrom) && { watchFrom: view.watchFrom }),
      unplaced: await countUnplaced(db, siteId),
      notes,
    },
    feeds,
    signals: view ? await summariseSignals(db, siteId, view, run.now, gapsByType) : [],
    series: view ? await summariseSeries(db, siteId, series) : [],
  };
}

/** Nothing is lost: what was read is stored, known already, in quarantine, expired or of no use. */
function checkCounts(counts: readonly RunFeed[]): void {
  const wrong = counts.filter((feed) => feed.read !== feed.stored + feed.duplicate + feed.quarantined + feed.expired + feed.skipped);
  if (wrong.length > 0) throw new Error(`the counts of ${wrong.map((feed) => feed.type).join(", ")} do not add up`);
}

/** What was not seen between `watchFrom` and `now`, in every feed that an enabled signal uses and the site has. */
function gapsOf(view: SiteView, now: Instant): Map<string, Interval[]> {
  const used = new Set(
    view.signals.flatMap((history) =>
      history.versions.flatMap(({ signal }) => [...closingFeeds(signal, view.madeFrom), ...openingFeeds(signal)]),
    ),
  );
  const window = Number.isFinite(view.watchFrom) ? [{ from: view.watchFrom, to: now }] : [];
  return new Map([...view.feeds].filter(([type]) => used.has(type)).map(([type, feed]) => [type, subtract(window, seenBy(feed))]));
}

function listFeedSummaries(counts: readonly RunFeed[], view: SiteView | undefined, gaps: ReadonlyMap<string, Interval[]>): FeedSummary[] {
  const nothing = { source: "", read: 0, stored: 0, duplicate: 0, quarantined: 0, expired: 0, skipped: 0 };
  const unread = [...(view?.feeds.keys() ?? [])]
    .filter((type) => !counts.some((feed) => feed.type === type))
    .map((type) => ({ ...nothing, type }));
  return [...counts, ...unread]
    .map((feed) => {
      const last = seenBy(view?.feeds.get(feed.type) ?? { covered: [], outages: [], silent: [], unreadable: [] }).at(-1);
      return { ...feed, ...(last && { coveredUntil: last.to }), gaps: gaps.get(feed.type) ?? [] };
    })
    .sort((a, b) => (a.type < b.type ? -1 : 1));
}

async function countUnplaced(db: Kysely<Database>, siteId: number): Promise<number> {
  const { rows } = await sql<{
    count: number;
  }>`select count(*)::integer as count from care_event where patient_key = 0 and site_id = ${siteId}`.execute(db);
  return rows[0]?.count ?? 0;
}

/** Held from whichever run: what is in quarantine was not understood. */
async function countQuarantined(db: Kysely<Database>, siteId: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::integer as count from quarantine where site_id = ${siteId}`.execute(db);
  return rows[0]?.count ?? 0;
}

async function summariseSeries(
  db: Kysely<Database>,
  siteId: number,
  series: readonly Pick<SeriesSignal, "id" | "version">[],
): Promise<SeriesSummary[]> {
  const alarms = await countAlarms(db, siteId);
  return series.map(({ id, version }) => ({ id, version, alarms: alarms.get(id) ?? 0 }));
}

async function summariseSignals(
  db: Kysely<Database>,
  siteId: number,
  view: SiteView,
  now: Instant,
  gaps: ReadonlyMap<string, Interval[]>,
): Promise<SignalSummary[]> {
  const { rows } = await sql<{
    signal: string;
    verdict: Verdict;
    before_watch: boolean;
    count: number;
  }>`select signal, verdict, before_watch, sum(count)::integer as count
    from loop_count where site_id = ${siteId} and team = ${allTeams} group by signal, verdict, before_watch`.execute(db);
  return view.signals.map((history) => {
    const signal = history.versions.at(-1)?.signal;
    const mine = rows.filter((row) => row.signal === history.id);
    const watched = (verdict: Verdict): number =>
      mine.filter((row) => row.verdict === verdict && !row.before_watch).reduce((sum, row) => sum + row.count, 0);
    const beforeWatch = mine.filter((row) => row.before_watch).reduce((sum, row) => sum + row.count, 0);
    const openingTypes = signal ? openingFeeds(signal) : [];
    const types = signal ? [...openingTypes, ...closingFeeds(signal, view.madeFrom)] : [];
    return {
      id: history.id,
      version: signal?.version ?? 0,
      // Where no opening feed was covered at all, or none before now, it has watched nothing.
      runs:
        !Number.isFinite(view.watchFrom) || view.watchFrom >= now || types.some((type) => (gaps.get(type) ?? []).length > 0)
          ? "blind"
          : "yes",
      opened: mine.reduce((sum, row) => sum + row.count, 0),
      met: watched("met"),
      pending: watched("pending"),
      late: watched("late"),
      missed: watched("missed"),
      unknown: watched("unknown"),
      cancelled: watched("cancelled"),
      occurred: watched("occurred"),
      beforeWatch,
      notLookedAt: openingTypes.flatMap((type) => gaps.get(type) ?? []),
    };
  });
}
