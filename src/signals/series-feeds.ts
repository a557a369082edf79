import { feedTypes, type MadeFrom } from "../domain/made-from.ts";
import type { SeriesTemplate } from "../domain/series.ts";

/** The feeds, by resource type, without which a period of a series is not known; none where every feed is a series of its own. */
export function seriesFeeds({ number }: SeriesTemplate, madeFrom?: MadeFrom): string[] {
  return number.what === "records" ? [] : feedTypes(number.activity, undefined, madeFrom);
}
