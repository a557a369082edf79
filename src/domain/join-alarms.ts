import type { Instant } from "./instant.ts";

interface InSeries {
  readonly site: string;
  readonly signal: string;
  readonly feed?: { readonly source: string; readonly type: string };
  readonly from: Instant;
  readonly to: Instant;
  /** What somebody accepted is told apart from what nobody did. */
  readonly accepted?: { readonly reason: string };
}

/** Alarms of one series whose periods touch, each group in order of time, the latest group first: an outage of ten hours is told once. */
export function joinAlarms<T extends InSeries>(alarms: readonly T[]): readonly [T, ...T[]][] {
  const bySeries = Map.groupBy(alarms, ({ site, signal, feed, accepted }) =>
    JSON.stringify([site, signal, feed?.source, feed?.type, accepted?.reason]),
  );
  const groups: [T, ...T[]][] = [];
  for (const series of bySeries.values()) {
    let last: [T, ...T[]] | undefined;
    for (const alarm of series.toSorted((a, b) => a.from - b.from)) {
      if (last?.at(-1)?.to === alarm.from) last.push(alarm);
      else groups.push((last = [alarm]));
    }
  }
  return groups.sort((a, b) => b[0].from - a[0].from);
}
