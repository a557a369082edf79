import type { FeedView } from "../detect/detection.ts";
import { seenBy } from "../detect/gaps.ts";
import type { Interval } from "../domain/instant.ts";
import { intersect } from "../domain/interval.ts";
import { feedTypes, type MadeFrom } from "../domain/made-from.ts";
import type { SeriesTemplate } from "../domain/series.ts";

/** The feeds, by resource type, without which a period of a series is not known; none where every feed is a series of its own. */
export function seriesFeeds({ number }: SeriesTemplate, madeFrom?: MadeFrom): string[] {
  return number.what === "records" ? [] : feedTypes(number.activity, undefined, madeFrom);
}

/** What was seen of every feed that could carry what a series measures, as far as the site has them; nothing where it has none. */
export function seenOf(template: SeriesTemplate, feeds: ReadonlyMap<string, FeedView>, madeFrom?: MadeFrom): readonly Interval[] {
  const [first, ...others] = seriesFeeds(template, madeFrom).flatMap((type) => {
    const feed = feeds.get(type);
    return feed ? [seenBy(feed)] : [];
  });
  return others.reduce<readonly Interval[]>((both, seen) => intersect(both, seen), first ?? []);
}
