import type { Request, Response } from "express";
import { viewerOf } from "../http/viewer-of.ts";
import { readFeeds } from "../insight/read-feeds.ts";
import { listSites } from "../store/site.ts";
import { viewSiteFeeds, type SiteFeedsView } from "./feeds-view.ts";
import { sendPage, settingsOf, type PageParts } from "./page-frame.ts";
import { readSeen } from "./read-seen.ts";

/** `/feeds`: what is known to have been read, by site and type. */
export async function feedsPage(parts: PageParts, request: Request, response: Response): Promise<void> {
  const { db } = parts;
  const sites = await listSites(db);
  const views: SiteFeedsView[] = [];
  for (const seen of await readSeen(parts, viewerOf(request))) {
    const site = sites.find(({ name }) => name === seen.site);
    views.push(viewSiteFeeds(seen, site ? await readFeeds(db, site, seen) : [], settingsOf(parts, seen.site).timeZone));
  }
  await sendPage(parts, request, response, { template: "feeds.njk", title: "Feeds", part: "feeds", view: { sites: views } });
}
