import type { Request, Response } from "express";
import { viewerOf } from "../http/viewer-of.ts";
import { readFeeds } from "../insight/read-feeds.ts";
import { joinAlarms } from "../domain/join-alarms.ts";
import { everySeries } from "../insight/shown-catalogue.ts";
import { listAlarms } from "../store/alarm.ts";
import { listFeedStatements } from "../store/feed-statement.ts";
import { listSites } from "../store/site.ts";
import { viewSiteFeeds, viewStatement } from "./feeds-view.ts";
import { sendPage, settingsOf, type PageParts } from "./page-frame.ts";
import { readSeen } from "./read-seen.ts";
import { viewAlarmGroup } from "./series-view.ts";

const alarmsRead = 2_000;
const alarmsShown = 10;

/** `/feeds`: what is known to have been read, by site and type. */
export async function feedsPage(parts: PageParts, request: Request, response: Response): Promise<void> {
  const { db } = parts;
  const sites = await listSites(db);
  const series = everySeries(parts.config);
  const views: object[] = [];
  for (const seen of await readSeen(parts, viewerOf(request))) {
    const site = sites.find(({ name }) => name === seen.site);
    const { timeZone } = settingsOf(parts, seen.site);
    const alarms = site ? joinAlarms(await listAlarms(db, { sites: [seen.site] }, alarmsRead)) : [];
    const stated = site ? await listFeedStatements(db, site.siteId) : [];
    views.push({
      ...viewSiteFeeds(seen, site ? await readFeeds(db, site, seen) : [], timeZone),
      alarms: alarms.slice(0, alarmsShown).map((group) => viewAlarmGroup(group, timeZone, series)),
      alarmsMore: Math.max(0, alarms.length - alarmsShown),
      stated: stated.map((each) => viewStatement(each, timeZone, parts.makeId())),
    });
  }
  await sendPage(parts, request, response, { template: "feeds.njk", title: "Feeds", part: "feeds", view: { sites: views } });
}
