import { earliestOf, latestOf, type Instant, type Interval } from "../domain/instant.ts";
import { unite } from "../domain/interval.ts";
import type { DeclaredCoverage, ManifestCoverage } from "./declared-coverage.ts";

/** Event times of one type in one folder. */
interface TypeTimes {
  readonly earliest?: Instant;
  readonly latest?: Instant;
  /** How many were later than the clock and left out. */
  readonly afterClock: number;
}

/** Per resource type, as `noteTime` collects them while the folder is read. */
export type TimesSeen = Map<string, TypeTimes>;

/**
 * Takes note of an event time of a resource (its `recorded`, `issued`, `authoredOn`, `sent` or `meta.lastUpdated`, as
 * far as it has them). `clock` is the process's clock at its start: a later time is some system's mistake, and would
 * credit a future that nobody has read.
 */
export function noteTime(times: TimesSeen, type: string, at: Instant, clock: Instant): void {
  const seen = times.get(type) ?? { afterClock: 0 };
  if (at > clock) times.set(type, { ...seen, afterClock: seen.afterClock + 1 });
  else if (seen.earliest === undefined || seen.latest === undefined) times.set(type, { ...seen, earliest: at, latest: at });
  else if (at < seen.earliest) times.set(type, { ...seen, earliest: at });
  else if (at > seen.latest) times.set(type, { ...seen, latest: at });
}

export interface TypeCoverage {
  readonly type: string;
  readonly intervals: readonly Interval[];
  readonly how: "declared" | "manifest" | "assumed";
}

/**
 * The coverage of a folder, per type, by the first that says something: its `coverage.json`, else a bulk manifest
 * (from `_since`, else the earliest event time of the type, else of the folder), else assumed from the earliest event
 * time of the type to the latest of the folder. `afterClock` counts the times that were left out.
 */
export function coverageOf(declared: DeclaredCoverage, times: TimesSeen): { feeds: TypeCoverage[]; afterClock: number } {
  const earliestOfAll = earliestOf([...times.values()].map((each) => each.earliest));
  const latestOfAll = latestOf([...times.values()].map((each) => each.latest));
  const types = new Set([...declared.byType.keys(), ...declared.manifests.flatMap((each) => each.types), ...times.keys()]);
  const feeds = [...types].sort().map((type): TypeCoverage => {
    const said = declared.byType.get(type);
    if (said !== undefined) return { type, intervals: unite(said), how: "declared" };
    const { earliest } = times.get(type) ?? {};
    const manifests = declared.manifests.filter((each) => each.types.includes(type));
    if (manifests.length > 0) return { type, intervals: byManifests(manifests, earliest ?? earliestOfAll), how: "manifest" };
    const intervals = earliest === undefined || latestOfAll === undefined ? [] : unite([{ from: earliest, to: latestOfAll }]);
    return { type, intervals, how: "assumed" };
  });
  return { feeds, afterClock: [...times.values()].reduce((sum, each) => sum + each.afterClock, 0) };
}

function byManifests(manifests: readonly ManifestCoverage[], earliest: Instant | undefined): Interval[] {
  return unite(manifests.flatMap(({ from = earliest, to }) => (from === undefined ? [] : { from, to })));
}
