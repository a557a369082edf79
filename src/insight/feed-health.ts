import type { Instant, Interval } from "../domain/instant.ts";
import { statedOf, type FeedStatement } from "../domain/feed-statement.ts";
import { subtract } from "../domain/interval.ts";
import type { StoredCoverage } from "../store/coverage.ts";

/** One feed of a site: how it is known what was read of it, and what was not. */
export interface FeedHealth {
  readonly source: string;
  readonly type: string;
  /** How its coverage is known: `assumed` rests on the times found alone. Empty: nothing is covered yet. */
  readonly how: readonly StoredCoverage["how"][];
  /** Less the outages that people entered. */
  readonly covered: readonly Interval[];
  /** What is not covered of the time that the site is watched, where a signal uses the type. */
  readonly gaps: readonly Interval[];
  /** Hours without a single event, where the same hour of four weeks before was busy. */
  readonly silentHours: number;
  /** Hours of which more than 1 % could not be understood. */
  readonly unreadableHours: number;
}

/** What is known of a type over all sources. */
export interface OddHours {
  readonly silent: readonly Interval[];
  readonly unreadable: readonly Interval[];
}

const hourMs = 3_600_000;

export function listFeedHealth(
  feeds: readonly { readonly source: string; readonly type: string }[],
  coverage: readonly StoredCoverage[],
  statements: readonly FeedStatement[],
  odd: ReadonlyMap<string, OddHours>,
  watched: { readonly from: Instant; readonly to: Instant; readonly types: ReadonlySet<string> },
): FeedHealth[] {
  return feeds.map(({ source, type }) => {
    const rows = coverage.filter((row) => row.source === source && row.type === type);
    const covered = subtract(rows, statedOf(statements, "outage", source, type));
    const window = watched.types.has(type) && watched.from < watched.to ? [{ from: watched.from, to: watched.to }] : [];
    return {
      source,
      type,
      how: [...new Set(rows.map((row) => row.how))].sort(),
      covered,
      gaps: subtract(window, covered),
      silentHours: hoursOf(odd.get(type)?.silent ?? []),
      unreadableHours: hoursOf(odd.get(type)?.unreadable ?? []),
    };
  });
}

function hoursOf(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, { from, to }) => sum + (to - from) / hourMs, 0);
}
