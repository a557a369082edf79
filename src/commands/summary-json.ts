import type { Interval } from "../domain/instant.ts";
import type { ScanSummary } from "../domain/scan-summary.ts";
import { toIso } from "../domain/show-times.ts";

/** What `scan --json` ends with (`design.md`, Interfaces): times are RFC 3339 UTC, null where there is none. */
export function summaryJson({ run, feeds, signals }: ScanSummary): object {
  const intervals = (each: readonly Interval[]): object[] => each.map(({ from, to }) => ({ from: toIso(from), to: toIso(to) }));
  const time = (at: number | undefined): string | null => (at === undefined ? null : toIso(at));
  return {
    run: { ...run, now: time(run.now), startedAt: time(run.startedAt), finishedAt: time(run.finishedAt), watchFrom: time(run.watchFrom) },
    feeds: feeds.map((feed) => ({ ...feed, coveredUntil: time(feed.coveredUntil), gaps: intervals(feed.gaps) })),
    signals: signals.map((signal) => ({ ...signal, notLookedAt: intervals(signal.notLookedAt) })),
  };
}
