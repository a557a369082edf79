import { inWords } from "../domain/in-words.ts";
import type { Instant } from "../domain/instant.ts";
import { notSeen } from "../insight/not-seen.ts";
import type { SeenSite } from "../insight/seen-sites.ts";
import { showTime, type Sentence } from "./show-time.ts";

/** The line above every page: up to when, and how completely, the records were seen. */
export interface SeenView {
  /** Loud unless everything was seen. */
  readonly isWhole: boolean;
  readonly headline: string;
  /** Sites of which the same is to be said, together. */
  readonly brief: readonly { readonly names: string; readonly line: Sentence }[];
  readonly sites: readonly SeenSiteView[];
}

interface SeenSiteView {
  readonly name: string;
  readonly isWhole: boolean;
  readonly line: Sentence;
  /** What was not seen, a sentence each. */
  readonly notSeen: readonly string[];
  readonly whatToDo: readonly string[];
}

/** How a site is set up, as far as this line says it. */
export interface SiteSettings {
  readonly timeZone: string;
  /** Ids of the signals that are on. */
  readonly signals: readonly string[];
}

/** Scans come every hour by default, and at least every night: what is older than a day was forgotten. */
const oldAfterMs = 24 * 3_600_000;

export function viewSeen(seen: readonly SeenSite[], settingsOf: (site: string) => SiteSettings, now: Instant): SeenView {
  const sites = seen.map((site) => viewSite(site, settingsOf(site.site), now));
  const isWhole = sites.length > 0 && sites.every((site) => site.isWhole);
  const alike = Map.groupBy(sites, ({ line }) => JSON.stringify(line));
  const brief = [...alike.values()].map((group) => ({ names: group.map(({ name }) => name).join(", "), line: group[0]?.line ?? [] }));
  return { isWhole, headline: headlineOf(seen, isWhole), brief, sites };
}

/** Only then does an empty list say that there is nothing: the last scan saw everything, is not old, and nothing failed since. */
export function isSeenWhole({ judged, failedAt }: SeenSite, settings: SiteSettings, now: Instant): boolean {
  return judged !== undefined && sawEverything(judged, settings) && failedAt === undefined && !isOld(judged.at, now);
}

/** A scan of some signals alone saw what they need, and not what the others do. */
function sawEverything({ isWhole, summary }: NonNullable<SeenSite["judged"]>, { signals }: SiteSettings): boolean {
  return isWhole && (summary === null || signals.every((id) => summary.signals.some((signal) => signal.id === id)));
}

function isOld(judgedAt: Instant, now: Instant): boolean {
  return now - judgedAt > oldAfterMs;
}

function headlineOf(seen: readonly SeenSite[], isWhole: boolean): string {
  if (seen.length === 0) return "Nothing has been scanned yet, so nothing is known.";
  if (seen.every(({ judged }) => judged === undefined)) return "No scan has ended yet, so nothing is known.";
  return isWhole ? "All that the signals need was seen." : "Not everything was seen. What is not listed may still have been missed.";
}

function viewSite(seen: SeenSite, settings: SiteSettings, now: Instant): SeenSiteView {
  const { site, judged, failedAt, runningSince } = seen;
  const { timeZone } = settings;
  const running: Sentence = runningSince === undefined ? [] : [" A scan has been running since ", showTime(runningSince, timeZone), "."];
  const failed: Sentence = failedAt === undefined ? [] : [" The scan of ", showTime(failedAt, timeZone), " failed."];
  if (!judged) {
    const whatToDo = ["Start a scan (page Scans), or look there why the last one failed."];
    return { name: site, isWhole: false, line: ["never judged, so nothing is known of it.", ...failed, ...running], notSeen: [], whatToDo };
  }
  const age = now - judged.at;
  return {
    name: site,
    isWhole: isSeenWhole(seen, settings, now),
    line: [
      "seen up to ",
      showTime(judged.at, timeZone),
      ...(age > 60_000 ? [` (${inWords(age)} ago)`] : []),
      sawEverything(judged, settings) ? ", whole." : ", NOT whole.",
      ...(isOld(judged.at, now) ? [" Nothing later has been looked at."] : []),
      ...failed,
      ...running,
    ],
    notSeen: judged.summary ? notSeen(judged.summary, settings.signals) : [],
    whatToDo: [
      ...(sawEverything(judged, settings)
        ? []
        : [`Send what is missing, then scan again. The command doctor --site ${site} says what it is, and what it hides.`]),
      ...(failedAt === undefined ? [] : ["See why on the page Scans, then scan again."]),
      ...(isOld(judged.at, now) ? ["Start a scan (page Scans), and see that one runs every hour."] : []),
    ],
  };
}
