import { z } from "zod";
import { formatInterval } from "../domain/format-instant.ts";
import { didYouMean } from "../domain/nearest-name.ts";
import { parseRfc3339 } from "../domain/rfc3339.ts";
import { UserError } from "../domain/user-error.ts";
import { readFeedSeries, readValueSeries } from "../insight/read-series.ts";
import { everySeries, shownCatalogue } from "../insight/shown-catalogue.ts";
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
  summary: "One series of one feed or site: each period that was read whole, with its limits",
  description:
    "A week of the hours of a feed; of values a quarter of days, or a year of weeks, or of days between events where they are rare.",
  params: z.object({ signal: z.string().meta({ examples: ["feed-silence"] }) }),
  query: z.object({
    site: z.string(),
    source: z.string().optional().meta({ description: "Of a series of feeds: which one" }),
    type: z.string().optional(),
    until: time.optional().meta({ description: "Where it ends; else as at when the site was judged" }),
  }),
  answers: z.object({
    signal: z.string(),
    window: interval,
    periods: z.array(periodSchema),
    unread: z.array(interval).meta({ description: "What of the window was not read whole: no point" }),
    areDaysBetween: z.boolean().meta({ description: "The values are days between events, which are rare here" }),
    leftOut: z.int().meta({ description: "Values of the window whose unit does not convert, and mere bounds" }),
    history,
    seen: seenSchema,
  }),
  problems: ["signal-unknown", "feed-unknown", "series-not-judged", "unknown-filter-value", "not-a-time"],
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
    const isOfFeeds = signal.series.number.what === "records";
    const feed = feeds.find((each) => each.source === source && each.type === type);
    if (site?.judgedAt === undefined || (isOfFeeds && !feed))
      throw new UserError(
        "feed-unknown",
        isOfFeeds
          ? `The site "${name}" has no feed ${type ?? "(type is missing)"} from "${source ?? "(source is missing)"}" that was judged.`
          : `The site "${name}" was never judged.`,
        "See its feeds: /api/v1/feeds.",
      );
    const end = until === undefined ? undefined : parseRfc3339(until);
    if (until !== undefined && end === undefined)
      throw new UserError("not-a-time", `"${until}" is no time.`, "Write it like 2026-03-16T09:00:00Z.");
    const timeZone = parts.config.sites.find((each) => each.name === name)?.timeZone ?? "Europe/London";
    const asked = { until: end, timeZone };
    // As this site runs it.
    const own = shownCatalogue(parts.config, name).series.find((file) => file.signal.id === signal.id)?.signal ?? signal;
    const series =
      feed && isOfFeeds ? await readFeedSeries(parts.db, site, own, feed, asked) : await readValueSeries(parts.db, site, own, asked);
    if (!series)
      throw new UserError(
        "series-not-judged",
        `"${signal.id}" was never judged at "${name}".`,
        "Turn it on, and scan: see signals in followthrough.yaml.",
      );
    const { window, periods, unread, areDaysBetween, leftOut, history: known } = series;
    const seen = await readSeen(parts, viewer, { sites: [name] });
    return {
      body: {
        signal: signal.id,
        window: formatInterval(window),
        periods: periods.map(showPeriod),
        unread: unread.map(formatInterval),
        areDaysBetween,
        leftOut,
        history: known,
        seen,
      },
    };
  },
});
