import type { Request, Response } from "express";
import { viewerOf } from "../http/viewer-of.ts";
import { listCoverage, listFeeds } from "../store/coverage.ts";
import { listSites } from "../store/site.ts";
import { viewSiteFeeds, type SiteFeedsView } from "./feeds-view.ts";
import { sendPage, settingsOf, type PageParts } from "./page-frame.ts";
import { readSeen } from "./read-seen.ts";

/** `/feeds`: what is known to have been read, by site and type. */
export async function feedsPage(parts: PageParts, request: Request, response: Response): Promise<void> {
  const { db } = parts;
  const ids = new Map((await listSites(db)).map(({ name, siteId }) => [name, siteId]));
  const views: SiteFeedsView[] = [];
  for (const seen of await readSeen(parts, viewerOf(request))) {
    const siteId = ids.get(seen.site) ?? 0;
    const { timeZone } = settingsOf(parts, seen.site);
    views.push(viewSiteFeeds(seen, await listFeeds(db, siteId), await listCoverage(db, siteId), timeZone));
  }
  await sendPage(parts, request, response, { template: "feeds.njk", title: "Feeds", part: "feeds", view: { sites: views } });
}
