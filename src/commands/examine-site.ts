import type { Config, SiteConfig } from "../config/config.ts";
import { siteConfig } from "../config/load-config.ts";
import type { Connection } from "../db/connect.ts";
import type { SiteView } from "../detect/detection.ts";
import { seenBy } from "../detect/gaps.ts";
import { beforeByCalendar } from "../domain/duration.ts";
import type { Instant } from "../domain/instant.ts";
import { subtract } from "../domain/interval.ts";
import { findEndedHolidays } from "../insight/ended-holidays.ts";
import { listFeedHealth } from "../insight/feed-health.ts";
import { judgingKinds } from "../insight/seen-sites.ts";
import { enabledSeries } from "../insight/enabled-signals.ts";
import { judgeSeriesReadiness, judgeValueReadiness, type SeriesReadiness } from "../insight/series-readiness.ts";
import { judgeReadiness } from "../insight/signal-readiness.ts";
import type { SiteHealth } from "../insight/site-health.ts";
import { readMapping } from "../normalise/read-mapping.ts";
import { readSiteCatalogue } from "../signals/site-catalogue.ts";
import { requiredFeeds } from "../signals/required-feeds.ts";
import { seenOf, seriesFeeds } from "../signals/series-feeds.ts";
import { listCoverage, listFeeds } from "../store/coverage.ts";
import { readReadFeeds } from "../store/feed-read.ts";
import { listFeedStatements } from "../store/feed-statement.ts";
import { countUnplaced, listClashes, listCrowdedIdentifiers, listPopulated } from "../store/populated.ts";
import { countQuarantine } from "../store/quarantine.ts";
import { listRuns } from "../store/run.ts";
import type { Site } from "../store/site.ts";
import { settingsOf, canRun, readSiteView } from "../worker/site-view.ts";
import { planSite } from "./scan-plan.ts";

/** Runs are looked through for the last good one as far back as this many. */
const runsLookedAt = 200;

/** Reads everything that tells what a site's records can feed; changes nothing. */
export async function examineSite({ db }: Pick<Connection, "db">, config: Config, site: Site, clock: Instant): Promise<SiteHealth> {
  const { siteId, name, watchSince } = site;
  const ofSite = siteConfig(config, name);
  const now = site.judgedAt ?? site.latestAt ?? clock;
  const { madeFrom } = readMapping(ofSite.mapping);
  const isOn = new Set(planSite(ofSite, [], undefined).signals.map(({ id }) => id));
  const histories = readSiteCatalogue(ofSite).loops.map(({ signal }) => ({
    id: signal.id,
    versions: [{ from: -Infinity, signal }],
    signal,
  }));
  const signalsOn = histories.filter(({ id }) => isOn.has(id));
  const settings = { siteId, ...settingsOf(ofSite), watchSince, madeFrom, signals: signalsOn };
  const view = await readSiteView(db, settings, now, beforeByCalendar(now, ofSite.retention, ofSite.timeZone));
  const watchFrom = Number.isFinite(view.watchFrom) ? view.watchFrom : undefined;
  const window = watchFrom !== undefined && watchFrom < now ? [{ from: watchFrom, to: now }] : [];
  const gaps = new Map([...view.feeds].map(([type, feed]) => [type, subtract(window, seenBy(feed))]));
  const used = new Set(histories.flatMap(({ signal }) => [...requiredFeeds(signal).opening, ...requiredFeeds(signal, madeFrom).closing]));
  const runs = await listRuns(db, siteId, runsLookedAt);
  return {
    site: name,
    now,
    watchFrom,
    lastGood: runs.find((run) => run.state === "complete" && judgingKinds.includes(run.kind)),
    last: runs[0],
    feeds: listFeedHealth(await listFeeds(db, siteId), await listCoverage(db, siteId), await listFeedStatements(db, siteId), view.feeds, {
      from: watchFrom ?? now,
      to: now,
      types: used,
    }),
    populated: await listPopulated(db, siteId),
    unplaced: await countUnplaced(db, siteId),
    quarantined: (await countQuarantine(db, siteId)).reduce((sum, { count }) => sum + count, 0),
    crowded: await listCrowdedIdentifiers(db, siteId),
    clashes: (await listClashes(db, siteId)).filter(
      ({ one, other }) => (settings.mirrors.get(one) ?? one) !== (settings.mirrors.get(other) ?? other),
    ),
    endedHolidays: findEndedHolidays(
      signalsOn.map(({ signal }) => signal),
      now,
    ),
    series: await examineSeries(db, ofSite, siteId, now, view),
    signals: histories.map((history) => {
      const isJudged = isOn.has(history.id) && site.judgedAt !== undefined;
      const closingSeen = isJudged && { closingSeen: view.closingSeen.has(history.id) };
      const sight = { gaps, canRun: canRun(history, view.feeds, madeFrom), madeFrom, ...closingSeen };
      return judgeReadiness(history.signal, isOn.has(history.id), sight);
    }),
  };
}

async function examineSeries(
  db: Connection["db"],
  config: SiteConfig,
  siteId: number,
  now: Instant,
  { feeds, madeFrom }: SiteView,
): Promise<SeriesReadiness[]> {
  const series = readSiteCatalogue(config).series.map(({ signal }) => signal);
  const isOn = new Set(enabledSeries(config).map(({ id }) => id));
  const from = now - Math.max(0, ...series.map((each) => each.series.historyMs));
  const read = await readReadFeeds(db, siteId, await listFeeds(db, siteId), { from, to: now });
  const named = new Map([...read].map(([key, seen]) => [key.replace(/^(.*) (.*)$/, "$2 from $1"), seen]));
  return series.map((each) => {
    if (each.series.number.what === "records") return judgeSeriesReadiness(each, isOn.has(each.id), named, now);
    const isFed = seriesFeeds(each.series, madeFrom).some((type) => feeds.has(type));
    return judgeValueReadiness(each, isOn.has(each.id), isFed ? seenOf(each.series, feeds, madeFrom) : undefined, now);
  });
}
