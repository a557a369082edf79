import { z } from "zod";
import { formatInstant } from "../domain/format-instant.ts";
import { didYouMean } from "../domain/nearest-name.ts";
import { parseRfc3339 } from "../domain/rfc3339.ts";
import { UserError } from "../domain/user-error.ts";
import { everySeries } from "../insight/shown-catalogue.ts";
import { chartWindow, readFeedSeries } from "../insight/read-series.ts";
import { listFeeds } from "../store/coverage.ts";
import { findSite } from "../store/site.ts";
import { periodSchema, showPeriod } from "./alarm-schema.ts";
import { endpoint } from "./endpoint.ts";
import { readSeen, seenSchema } from "./seen.ts";
import { readSites } from "./site-query.ts";
import { interval, time } from "./value-schemas.ts";

const history = z
  .object({ hasMs: z.number(), needsMs: z.number() })
  .meta({ description: "How much history was read, of how much it needs" });

export const getSeriesEndpoint = endpoint({
  method: "get",
  path: "/series/{signal}",
  summary: "A week of one series of one feed: each hour that was read whole, with its limits",
  params: z.object({ signal: z.string().meta({ examples: ["feed-silence"] }) }),
  query: z.object({
    site: z.string(),
    source: z.string(),
    type: z.string(),
    until: time.optional().meta({ description: "Where the week ends; else as at when the site was judged" }),
  }),
  answers: z.object({ signal: z.string(), window: interval, periods: z.array(periodSchema), history, seen: seenSchema }),
  problems: ["signal-unknown", "feed-unknown", "unknown-filter-value", "not-a-time"],
  answer: async (parts, { viewer, params, query: { site: name, source, type, until } }) => {
    const catalogue = everySeries(parts.config);
    const signal = catalogue.find(({ id }) => id === params.signal);
    const ids = catalogue.map(({ id }) => id);
    if (!signal)
      throw new UserError(
        "signal-unknown",
        `There is no series "${params.signal}".${didYouMean(params.signal, ids)}`,
        `It may be: ${ids.join(", ")}.`,
      );
    await readSites(parts, viewer, [name]);
    const site = await findSite(parts.db, name);
    const feeds = site ? await listFeeds(parts.db, site.siteId) : [];
    if (site?.judgedAt === undefined || !feeds.some((feed) => feed.source === source && feed.type === type))
      throw new UserError(
        "feed-unknown",
        `The site "${name}" has no feed ${type} from "${source}" that was judged.`,
        "See its feeds: /api/v1/feeds.",
      );
    const end = until === undefined ? undefined : parseRfc3339(until);
    if (until !== undefined && end === undefined)
      throw new UserError("not-a-time", `"${until}" is no time.`, "Write it like 2026-03-16T09:00:00Z.");
    const window = chartWindow(site.judgedAt, end);
    const timeZone = parts.config.sites.find((each) => each.name === name)?.timeZone ?? "Europe/London";
    const { periods, history: known } = await readFeedSeries(parts.db, site, signal, { source, type }, { window, timeZone });
    const shown = { from: formatInstant(window.from), to: formatInstant(window.to) };
    const seen = await readSeen(parts, viewer, { sites: [name] });
    return { body: { signal: signal.id, window: shown, periods: periods.map(showPeriod), history: known, seen } };
  },
});
