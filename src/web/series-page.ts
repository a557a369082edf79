import type { Request, Response } from "express";
import { joinAlarms } from "../domain/join-alarms.ts";
import type { SeriesSignal } from "../domain/series.ts";
import { UserError } from "../domain/user-error.ts";
import { viewerOf } from "../http/viewer-of.ts";
import { chartWindow, readFeedSeries } from "../insight/read-series.ts";
import { everySeries } from "../insight/shown-catalogue.ts";
import { saySeries } from "../signals/describe-series.ts";
import { listAlarms, type Alarm } from "../store/alarm.ts";
import { listFeeds } from "../store/coverage.ts";
import { listSites, type Site } from "../store/site.ts";
import { queryOf, sendPage, settingsOf, type PageParts } from "./page-frame.ts";
import { readSeen } from "./read-seen.ts";
import { viewAlarmGroup, viewSeries, type AlarmGroupView } from "./series-view.ts";

const most = 2_000;
const groupsShown = 20;

/** `/series/{id}`: one series in words, its alarms, and the chart of one feed of it. */
export async function seriesPage(parts: PageParts, request: Request<{ id: string }>, response: Response): Promise<void> {
  const signal = getSeries(parts, request.params.id);
  const query = queryOf(request);
  const names = (await readSeen(parts, viewerOf(request))).map(({ site }) => site);
  const sites = (await listSites(parts.db)).filter(({ name }) => names.includes(name));
  const alarms = await listAlarms(parts.db, { sites: sites.map(({ name }) => name), signal: signal.id }, most);
  const groups = joinAlarms(alarms);
  const feeds: { site: Site; source: string; type: string }[] = [];
  for (const site of sites) for (const feed of await listFeeds(parts.db, site.siteId)) feeds.push({ site, ...feed });
  const asked = feeds.find(
    ({ site, source, type }) => site.name === query.get("site") && source === query.get("source") && type === query.get("type"),
  );
  // Without a question: the feed that alarmed last, else the first.
  const [latest] = groups[0] ?? [];
  const chosen = asked ?? feeds.find((feed) => latest && isOf(latest, feed)) ?? feeds[0];
  const until = /^\d{1,15}$/.test(query.get("until") ?? "") ? Number(query.get("until")) : undefined;
  const view = {
    id: signal.id,
    version: signal.version,
    means: signal.means,
    sections: saySeries(signal),
    alarms: groups.slice(0, groupsShown).map((group) => viewAlarmGroup(group, settingsOf(parts, group[0].site).timeZone)),
    alarmsMore: Math.max(0, groups.length - groupsShown),
    feeds: feeds.map(({ site, source, type }) => ({
      href: hrefOf(signal, site.name, source, type),
      text: `${site.name}: ${type} from ${source}`,
      isShown: site === chosen?.site && source === chosen.source && type === chosen.type,
    })),
    chart: chosen && (await readChart(parts, signal, chosen, until ?? (asked ? undefined : latest && latest.to + 24 * 3_600_000))),
    times: groups
      .filter((group) => chosen !== undefined && isOf(group[0], chosen) && group[0].accepted === undefined)
      .slice(0, groupsShown)
      .map((group) => viewTime(viewAlarmGroup(group, settingsOf(parts, group[0].site).timeZone))),
    isOfSilence: signal.series.rules.some(({ rule }) => rule === "silent"),
    formId: parts.makeId(),
  };
  await sendPage(parts, request, response, { template: "series.njk", title: signal.title, part: "signals", view });
}

function isOf(alarm: Alarm, { site, source, type }: { readonly site: Site; readonly source: string; readonly type: string }): boolean {
  return alarm.site === site.name && alarm.feed?.source === source && alarm.feed.type === type;
}

function viewTime({ from, to, when }: AlarmGroupView): { value: string; text: string } {
  return { value: `${from}-${to}`, text: when.map((part) => (typeof part === "string" ? part : part.text)).join("") };
}

async function readChart(
  parts: PageParts,
  signal: SeriesSignal,
  { site, source, type }: { readonly site: Site; readonly source: string; readonly type: string },
  until: number | undefined,
): Promise<object | undefined> {
  if (site.judgedAt === undefined) return undefined;
  const { timeZone } = settingsOf(parts, site.name);
  const window = chartWindow(site.judgedAt, until);
  const series = await readFeedSeries(parts.db, site, signal, { source, type }, { window, timeZone });
  const href = (to: number): string => `${hrefOf(signal, site.name, source, type)}&until=${to}`;
  return {
    ...viewSeries(series, window, timeZone),
    site: site.name,
    source,
    type,
    earlierHref: href(window.from),
    laterHref: window.to < site.judgedAt ? href(window.to + (window.to - window.from)) : undefined,
  };
}

function hrefOf(signal: SeriesSignal, site: string, source: string, type: string): string {
  return `/series/${signal.id}?${new URLSearchParams({ site, source, type }).toString()}`;
}

function getSeries({ config }: PageParts, id: string): SeriesSignal {
  const found = everySeries(config).find((signal) => signal.id === id);
  if (!found) throw new UserError("signal-unknown", `There is no series "${id}".`, "Choose one of those on the page Signals.");
  return found;
}
