import { createHash } from "node:crypto";
import type { Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import type { FeedView } from "../detect/detection.ts";
import type { MadeFrom } from "../domain/made-from.ts";
import type { SeriesSignal } from "../domain/series.ts";
import { makeOffsets } from "../domain/wall-clock.ts";
import { seriesHash } from "../signals/logic-hash.ts";
import { seenOf } from "../signals/series-feeds.ts";
import { forgetOtherSeries } from "../store/series-judged.ts";
import { judgeFeeds } from "./judge-feeds.ts";
import { judgeValues, type JudgedValues } from "./judge-values.ts";

export interface SeriesSite extends JudgedValues {
  /** What is known to have been seen, by type. */
  readonly feeds: ReadonlyMap<string, FeedView>;
  readonly madeFrom?: MadeFrom;
}

/** Judges every period of the site's series for which something may have changed. */
export async function detectSeries(db: Kysely<Database>, site: SeriesSite, signals: readonly SeriesSignal[]): Promise<void> {
  await forgetOtherSeries(
    db,
    site.siteId,
    signals.map(({ id }) => id),
  );
  const withSettings = signals.map((signal) => ({ signal, settings: settingsOf(signal, site.timeZone) }));
  const ofFeeds = withSettings.filter(({ signal }) => signal.series.number.what === "records");
  if (ofFeeds.length > 0) await judgeFeeds(db, { ...site, offsetAt: makeOffsets(site.timeZone) }, ofFeeds);
  const ofValues = withSettings
    .filter(({ signal }) => signal.series.number.what !== "records")
    .map((each) => ({ ...each, seen: seenOf(each.signal.series, site.feeds, site.madeFrom) }));
  await judgeValues(db, site, ofValues);
}

/** Where it differs, nothing that was judged stands. */
function settingsOf({ series }: SeriesSignal, timeZone: string): string {
  return createHash("sha256")
    .update(`${seriesHash(series)} ${timeZone}`)
    .digest("hex")
    .slice(0, 16);
}
