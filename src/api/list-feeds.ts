import { z } from "zod";
import { formatInterval, formatOrNull } from "../domain/format-instant.ts";
import { readFeeds } from "../insight/read-feeds.ts";
import { listSeenSites } from "../insight/seen-sites.ts";
import { listSites } from "../store/site.ts";
import { endpoint } from "./endpoint.ts";
import { readSeen, seenSchema } from "./seen.ts";
import { readSites, siteQuery } from "./site-query.ts";
import { interval, time } from "./value-schemas.ts";

const feed = z
  .object({
    site: z.string(),
    source: z.string(),
    type: z.string(),
    how: z.array(z.string()).meta({ description: "How its coverage is known; empty: nothing is covered yet" }),
    covered: z.array(interval).meta({ description: "The event times for which it has been read and understood" }),
    coveredUntil: time.nullable().meta({ description: "Where that ends; there may be gaps before" }),
    gaps: z.array(interval).meta({ description: "What the last judgement did not see of this type, over all sources of the site" }),
    lastReadAt: time.nullable().meta({ description: "When the latest run began that was given something of it" }),
  })
  .meta({ id: "Feed", description: "One resource type from one source" });

export const listFeedsEndpoint = endpoint({
  method: "get",
  path: "/feeds",
  summary: "What has been read, and what has not: by site, source and resource type",
  query: z.object(siteQuery),
  answers: z.object({ feeds: z.array(feed), seen: seenSchema }),
  problems: ["unknown-filter-value"],
  answer: async (parts, { viewer, query }) => {
    const wanted = await readSites(parts, viewer, query.site);
    const seen = await readSeen(parts, viewer, { ...(wanted && { sites: wanted }) });
    const names = seen.sites.map(({ site }) => site);
    const bySite = new Map((await listSeenSites(parts.db, names)).map((site) => [site.site, site]));
    const feeds: z.input<typeof feed>[] = [];
    for (const site of await listSites(parts.db)) {
      if (!names.includes(site.name)) continue;
      for (const { covered, coveredUntil, gaps, how, lastReadAt, ...of } of await readFeeds(parts.db, site, bySite.get(site.name)))
        feeds.push({
          site: site.name,
          ...of,
          how: [...how],
          covered: covered.map(formatInterval),
          coveredUntil: formatOrNull(coveredUntil),
          gaps: gaps.map(formatInterval),
          lastReadAt: formatOrNull(lastReadAt),
        });
    }
    return { body: { feeds, seen } };
  },
});
