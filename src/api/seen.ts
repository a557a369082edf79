import { z } from "zod";
import { unite } from "../domain/interval.ts";
import type { ScanSummary } from "../domain/scan-summary.ts";
import { formatInstant, formatInterval, formatOrNull } from "../domain/format-instant.ts";
import { earliestOf } from "../domain/instant.ts";
import type { Viewer } from "../domain/viewer.ts";
import type { HttpParts } from "../http/http-parts.ts";
import { blindSpots } from "../insight/not-seen.ts";
import { listSeenSites, type SeenSite } from "../insight/seen-sites.ts";
import { shownSignals } from "../insight/shown-catalogue.ts";
import type { QuietSites } from "../store/quiet-sites.ts";
import { interval, time } from "./value-schemas.ts";

const siteSeen = z
  .object({
    site: z.string(),
    judgedAt: time.nullable().meta({ description: "As at when it was last judged; null: never, so nothing is known of it" }),
    complete: z.boolean().meta({ description: "Up to `judgedAt`, all that the signals asked for need was seen" }),
    says: z.array(z.string()).meta({ description: "What was not seen, a sentence each; empty where it is complete" }),
    notSeen: z.array(z.object({ type: z.string(), intervals: z.array(interval) })).meta({ description: "By resource type" }),
    signals: z.array(z.string()).meta({ description: "What was looked for" }),
    failedAt: time.nullable().meta({ description: "When the latest scan began that failed since" }),
    runningSince: time.nullable(),
  })
  .meta({ id: "SiteSeen" });

export const seenSchema = z
  .object({
    complete: z.boolean().meta({ description: "Only then does an empty list say that there is nothing, as at `upTo`" }),
    upTo: time.nullable().meta({ description: "The earliest `judgedAt` of the sites; null where one was never judged" }),
    warning: z.string().nullable().meta({ description: "To be shown with the list; null where it is complete" }),
    sites: z.array(siteSeen),
  })
  .meta({ id: "Seen", description: "Up to when, and how completely, the data behind a list was seen" });

export type Seen = z.infer<typeof seenSchema>;

/** What a list rests on: of the sites and signals asked for, or else of every site read or configured and the signals that run there. */
export async function readSeen(
  { db, config }: Pick<HttpParts, "db" | "config">,
  viewer: Viewer,
  wanted: { readonly sites?: readonly string[]; readonly signals?: readonly string[] },
  quiet?: QuietSites,
): Promise<Seen> {
  const isWanted = (site: string): boolean =>
    (viewer.sites === "all" || viewer.sites.includes(site)) && (wanted.sites === undefined || wanted.sites.includes(site));
  const held = (await listSeenSites(db, undefined, quiet)).filter(({ site }) => isWanted(site));
  const unread = config.sites.filter(({ name }) => isWanted(name) && !held.some(({ site }) => site === name));
  const sites = [...held, ...unread.map(({ name }) => ({ site: name }))].map((site) => {
    return describe(site, wanted.signals ?? shownSignals(config, site.site).map(({ id }) => id));
  });
  const complete = sites.length > 0 && sites.every((site) => site.complete);
  const never = sites.length === 0 || sites.some(({ judgedAt }) => judgedAt === null);
  const upTo = earliestOf(sites.map(({ judgedAt }) => (judgedAt === null ? undefined : Date.parse(judgedAt))));
  return { complete, upTo: never ? null : formatOrNull(upTo), warning: complete ? null : warn(sites), sites };
}

function describe({ site, judged, failedAt, runningSince }: SeenSite, asked: readonly string[]): z.infer<typeof siteSeen> {
  const signals = judged?.summary?.signals.map(({ id }) => id) ?? [];
  const unlooked = asked.filter((id) => !signals.includes(id));
  const says = [
    ...(judged === undefined ? ["Never judged, so nothing is known."] : []),
    ...(judged?.summary ? blindSpots(judged.summary) : []),
    ...(judged && unlooked.length > 0
      ? [`Not looked for: ${unlooked.join(", ")} (switched off, or nothing that could end what it looks for is read).`]
      : []),
    ...(failedAt === undefined ? [] : [`A later scan, begun ${formatInstant(failedAt)}, failed.`]),
  ];
  // Whatever else left the run incomplete, such as resources in quarantine.
  if (judged && !judged.isWhole && says.length === 0) says.push("Not everything that was read could be used; see its latest run.");
  return {
    site,
    judgedAt: formatOrNull(judged?.at),
    complete: judged !== undefined && judged.isWhole && says.length === 0,
    says,
    notSeen: gapsByType(judged?.summary ?? null),
    signals,
    failedAt: formatOrNull(failedAt),
    runningSince: formatOrNull(runningSince),
  };
}

/** A type that several sources bring has one line. */
function gapsByType(summary: ScanSummary | null): z.infer<typeof siteSeen>["notSeen"] {
  const blind = (summary?.feeds ?? []).filter(({ gaps }) => gaps.length > 0);
  return [...Map.groupBy(blind, ({ type }) => type)].map(([type, feeds]) => ({
    type,
    intervals: unite(feeds.flatMap(({ gaps }) => gaps)).map(formatInterval),
  }));
}

function warn(sites: readonly z.infer<typeof siteSeen>[]): string {
  if (sites.length === 0) return "Nothing has been scanned yet, so an empty list says nothing.";
  const blind = sites.filter((site) => !site.complete).map(({ site, says }) => `${site}: ${says.join(" ")}`);
  return `Not everything was seen: what is not listed may have been missed all the same. ${blind.join(" ")}`;
}
