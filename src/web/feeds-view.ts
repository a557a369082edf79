import type { Instant, Interval } from "../domain/instant.ts";
import { intersect, subtract, unite } from "../domain/interval.ts";
import type { SeenSite } from "../insight/seen-sites.ts";
import type { StoredCoverage } from "../store/coverage.ts";
import { showSpan, showTime, type Sentence, type ShownTime } from "./show-time.ts";

/** The feeds of a site: what is known to have been read of each, of the time that the site is watched. */
export interface SiteFeedsView {
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
}

const howWords: Readonly<Record<StoredCoverage["how"], string>> = {
  declared: "as its coverage.json says",
  manifest: "as its manifest says",
  assumed: "assumed from the times found",
  searched: "as its server was asked for it",
};

const gapsShown = 5;

export function viewSiteFeeds(
  seen: SeenSite,
  feeds: readonly { readonly source: string; readonly type: string }[],
  coverage: readonly StoredCoverage[],
  timeZone: string,
): SiteFeedsView {
  const window = watched(seen, coverage);
  return {
    site: seen.site,
    from: window && showTime(window.from, timeZone),
    to: window && showTime(window.to, timeZone),
    feeds: feeds.map((feed) => viewFeed(feed, coverage, window, timeZone)),
  };
}

/** From when the site is watched to when it was judged; of one never judged, what has been read. */
function watched({ judged }: SeenSite, coverage: readonly StoredCoverage[]): Interval | undefined {
  const from: Instant = judged?.summary?.run.watchFrom ?? Math.min(...coverage.map((each) => each.from));
  const to: Instant = judged?.at ?? Math.max(...coverage.map((each) => each.to));
  return from < to ? { from, to } : undefined;
}

function viewFeed(
  { source, type }: { readonly source: string; readonly type: string },
  coverage: readonly StoredCoverage[],
  window: Interval | undefined,
  timeZone: string,
): FeedView {
  const rows = coverage.filter((row) => row.source === source && row.type === type);
  const covered = unite(rows);
  const last = covered.at(-1)?.to;
  const inWindow = window ? intersect([window], covered) : [];
  const gaps = window ? subtract([window], covered) : [];
  const span = window ? window.to - window.from : 1;
  const seenMs = inWindow.reduce((sum, { from, to }) => sum + to - from, 0);
  return {
    type,
    source,
    how: [...new Set(rows.map(({ how }) => howWords[how]))].join(", ") || "nothing covered yet",
    strip: window ? gaps.map((gap) => viewGap(gap, window)) : [{ x: 0, width: 1000 }],
    share: shareOf(seenMs / span, window ? gaps.length : 1),
    gaps: gaps.slice(0, gapsShown).map((gap) => showSpan(gap, timeZone)),
    gapsMore: Math.max(0, gaps.length - gapsShown),
    lastCovered: last === undefined ? undefined : showTime(last, timeZone),
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
