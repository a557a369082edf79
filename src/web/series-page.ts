import type { Request, Response } from "express";
import { joinAlarms } from "../domain/join-alarms.ts";
import type { SeriesSignal } from "../domain/series.ts";
import { UserError } from "../domain/user-error.ts";
import { didYouMean } from "../domain/nearest-name.ts";
import { viewerOf } from "../http/viewer-of.ts";
import { readFeedSeries, readValueSeries } from "../insight/read-series.ts";
import { everySeries, shownCatalogue } from "../insight/shown-catalogue.ts";
import { saySeries } from "../signals/describe-series.ts";
import { listAlarms, type Alarm } from "../store/alarm.ts";
import { listFeeds } from "../store/coverage.ts";
import { findSeriesJudged } from "../store/series-judged.ts";
import { listSites, type Site } from "../store/site.ts";
import { queryOf, sendPage, settingsOf, type PageParts } from "./page-frame.ts";
import { readSeen } from "./read-seen.ts";
import { unitShown, viewAlarmGroup, viewSeries, type AlarmGroupView } from "./series-view.ts";

const most = 2_000;
const groupsShown = 20;
const dayMs = 24 * 3_600_000;

/** What one chart is of: a feed, or where a series is of values the whole site. */
interface ChartOf {
  readonly site: Site;
  readonly feed?: { readonly source: string; readonly type: string };
}

/** `/series/{id}`: one series in words, its alarms, and one chart of it. */
export async function seriesPage(parts: PageParts, request: Request<{ id: string }>, response: Response): Promise<void> {
  const signal = getSeries(parts, request.params.id);
  const query = queryOf(request);
  const names = (await readSeen(parts, viewerOf(request))).map(({ site }) => site);
  const sites = (await listSites(parts.db)).filter(({ name }) => names.includes(name));
  const alarms = await listAlarms(parts.db, { sites: sites.map(({ name }) => name), signal: signal.id }, most);
  const groups = joinAlarms(alarms);
  const charts = await listCharts(parts, signal, sites);
  const asked = charts.find(
    ({ site, feed }) =>
      site.name === query.get("site") && (!feed || (feed.source === query.get("source") && feed.type === query.get("type"))),
  );
  // Without a question: what alarmed last, else the first.
  const [latest] = groups[0] ?? [];
  const chosen = asked ?? charts.find((chart) => latest && isOf(latest, chart)) ?? charts[0];
  const until = /^\d{1,15}$/.test(query.get("until") ?? "") ? Number(query.get("until")) : undefined;
  const viewGroup = (group: (typeof groups)[number]) => viewAlarmGroup(group, settingsOf(parts, group[0].site).timeZone, [signal]);
  const view = {
    id: signal.id,
    version: signal.version,
    means: signal.means,
    unit: unitShown(signal, false),
    period: { hour: "Hour", day: "Day", week: "Week" }[signal.series.per],
    sections: saySeries(signal),
    alarms: groups.slice(0, groupsShown).map(viewGroup),
    alarmsMore: Math.max(0, groups.length - groupsShown),
    feeds: charts.map((chart) => ({
      href: hrefOf(signal, chart),
      text: `${chart.site.name}: ${nameOf(chart)}`,
      isShown: chart === chosen,
    })),
    chart: chosen && (await readChart(parts, signal, chosen, until ?? (asked ? undefined : latest && latest.to + dayMs))),
    times: groups
      .filter(([first]) => chosen?.feed !== undefined && isOf(first, chosen) && first.accepted === undefined)
      .slice(0, groupsShown)
      .map((group) => viewTime(viewGroup(group))),
    isOff: signal.series.number.what !== "records" && charts.length === 0,
    isOfSilence: signal.series.rules.some(({ rule }) => rule === "silent"),
    formId: parts.makeId(),
  };
  await sendPage(parts, request, response, { template: "series.njk", title: signal.title, part: "signals", view });
}

/** A series of values has one for each site at which it was judged. */
async function listCharts({ db }: PageParts, { id, series }: SeriesSignal, sites: readonly Site[]): Promise<ChartOf[]> {
  const charts: ChartOf[] = [];
  if (series.number.what !== "records") {
    for (const site of sites) if (await findSeriesJudged(db, site.siteId, id)) charts.push({ site });
    return charts;
  }
  for (const site of sites) charts.push(...(await listFeeds(db, site.siteId)).map((feed) => ({ site, feed })));
  return charts;
}

function isOf(alarm: Alarm, { site, feed }: ChartOf): boolean {
  return alarm.site === site.name && alarm.feed?.source === feed?.source && alarm.feed?.type === feed?.type;
}

function nameOf({ feed }: ChartOf): string {
  return feed ? `${feed.type} from ${feed.source}` : "the whole site";
}

function viewTime({ from, to, when }: AlarmGroupView): { value: string; text: string } {
  return { value: `${from}-${to}`, text: when.map((part) => (typeof part === "string" ? part : part.text)).join("") };
}

async function readChart(parts: PageParts, shown: SeriesSignal, chart: ChartOf, until: number | undefined): Promise<object | undefined> {
  const { site, feed } = chart;
  // As this site runs it.
  const signal = shownCatalogue(parts.config, site.name).series.find((file) => file.signal.id === shown.id)?.signal ?? shown;
  if (site.judgedAt === undefined) return undefined;
  const { timeZone } = settingsOf(parts, site.name);
  const series = feed
    ? await readFeedSeries(parts.db, site, signal, feed, { until, timeZone })
    : await readValueSeries(parts.db, site, signal, { until, timeZone });
  if (!series) return undefined;
  const { window } = series;
  const href = (to: number): string => `${hrefOf(signal, chart)}&until=${to}`;
  return {
    ...viewSeries(signal, series, timeZone),
    ...feed,
    of: nameOf(chart),
    site: site.name,
    earlierHref: href(window.from),
    laterHref: until !== undefined && until < site.judgedAt ? href(window.to + (window.to - window.from)) : undefined,
  };
}

function hrefOf(signal: SeriesSignal, { site, feed }: ChartOf): string {
  return `/series/${signal.id}?${new URLSearchParams({ site: site.name, ...feed }).toString()}`;
}

function getSeries({ config }: PageParts, id: string): SeriesSignal {
  const catalogue = everySeries(config);
  const found = catalogue.find((signal) => signal.id === id);
  if (found) return found;
  const known = catalogue.map((signal) => signal.id);
  throw new UserError("signal-unknown", `There is no series "${id}".${didYouMean(id, known)}`, "Choose one of those on the page Signals.");
}
