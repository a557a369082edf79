import type { Instant, Interval } from "../domain/instant.ts";
import { intersect, subtract } from "../domain/interval.ts";
import type { FeedStatement } from "../domain/feed-statement.ts";
import type { FeedRead } from "../insight/read-feeds.ts";
import type { SeenSite } from "../insight/seen-sites.ts";
import { showSpan, showTime, type Sentence, type ShownTime } from "./show-time.ts";

/** The feeds of a site: what is known to have been read of each, of the time that the site is watched. */
interface SiteFeedsView {
  readonly site: string;
  readonly from: ShownTime | undefined;
  readonly to: ShownTime | undefined;
  readonly feeds: readonly FeedView[];
}

interface FeedView {
  readonly type: string;
  readonly source: string;
  readonly how: string;
  /** What was not read, in thousandths of the time watched. */
  readonly strip: readonly { readonly x: number; readonly width: number }[];
  /** What the strip shows, in words. */
  readonly share: string;
  readonly gaps: readonly Sentence[];
  readonly gapsMore: number;
  readonly lastCovered: ShownTime | undefined;
  /** When the latest scan began that was given something of it. */
  readonly lastRead: ShownTime | undefined;
}

const howWords: Readonly<Record<FeedRead["how"][number], string>> = {
  declared: "as its coverage.json says",
  manifest: "as its manifest says",
  assumed: "assumed from the times found",
  searched: "as its server was asked for it",
};

const gapsShown = 5;

export function viewSiteFeeds(seen: SeenSite, feeds: readonly FeedRead[], timeZone: string): SiteFeedsView {
  const window = watched(seen, feeds);
  return {
    site: seen.site,
    from: window && showTime(window.from, timeZone),
    to: window && showTime(window.to, timeZone),
    feeds: feeds.map((feed) => viewFeed(feed, window, timeZone)),
  };
}

/** What somebody says of a feed's time, and the form that takes it back. */
export function viewStatement(
  { id, says, source, type, from, to, reason, actor }: FeedStatement,
  timeZone: string,
  formId: string,
): object {
  const what = says === "outage" ? "An outage" : "Silence that was right";
  const of = type === undefined ? `of every feed from ${source}` : `of ${type} from ${source}`;
  return { id, formId, what: `${what} ${of}`, when: showSpan({ from, to }, timeZone), reason, actor };
}

/** From when the site is watched to when it was judged; of one never judged, what has been read. */
function watched({ judged }: SeenSite, feeds: readonly FeedRead[]): Interval | undefined {
  const covered = feeds.flatMap((feed) => feed.covered);
  const from: Instant = judged?.summary?.run.watchFrom ?? Math.min(...covered.map((each) => each.from));
  const to: Instant = judged?.at ?? Math.max(...covered.map((each) => each.to));
  return from < to ? { from, to } : undefined;
}

function viewFeed(
  { source, type, how, covered, coveredUntil, lastReadAt }: FeedRead,
  window: Interval | undefined,
  timeZone: string,
): FeedView {
  const gaps = window ? subtract([window], covered) : [];
  const seenMs = intersect(window ? [window] : [], covered).reduce((sum, { from, to }) => sum + to - from, 0);
  return {
    type,
    source,
    how: how.map((each) => howWords[each]).join(", ") || "nothing covered yet",
    strip: window ? gaps.map((gap) => viewGap(gap, window)) : [{ x: 0, width: 1000 }],
    share: window ? shareOf(seenMs / (window.to - window.from), gaps.length) : shareOf(0, 1),
    gaps: gaps.slice(0, gapsShown).map((gap) => showSpan(gap, timeZone)),
    gapsMore: Math.max(0, gaps.length - gapsShown),
    lastCovered: coveredUntil === undefined ? undefined : showTime(coveredUntil, timeZone),
    lastRead: lastReadAt === undefined ? undefined : showTime(lastReadAt, timeZone),
  };
}

/** An hour of a year is wide enough to be seen. */
const leastWidth = 5;

function viewGap(gap: Interval, window: Interval): { x: number; width: number } {
  const thousandths = (ms: number): number => Math.round((1000 * ms) / (window.to - window.from));
  const width = Math.max(leastWidth, thousandths(gap.to - gap.from));
  return { x: Math.min(thousandths(gap.from - window.from), 1000 - width), width };
}

/** Never rounded up to all of it. */
function shareOf(share: number, gaps: number): string {
  if (gaps === 0) return "all of it was read";
  return share === 0 ? "nothing of it was read" : `${Math.floor(1000 * share) / 10} % of it was read`;
}
