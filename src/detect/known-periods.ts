import type { Instant, Interval } from "../domain/instant.ts";
import { covers } from "../domain/interval.ts";
import type { SeriesTemplate } from "../domain/series.ts";
import { wholePeriods } from "../domain/wall-clock.ts";
import type { KnownPeriod } from "./judge-period.ts";
import { countOf, numberOf, type Measure } from "./measure-period.ts";

interface Seen {
  /** What was seen of every feed that could carry what is measured. */
  readonly seen: readonly Interval[];
  readonly from: Instant;
  readonly now: Instant;
  readonly timeZone: string;
}

/**
 * The periods that were read whole and have settled, with what was measured of each: one of which nothing is held was
 * empty. One that was not read whole is no point: what is missing of it may be what it would say.
 */
export function knownPeriods(
  template: SeriesTemplate,
  measured: ReadonlyMap<Instant, Measure>,
  { seen, from, now, timeZone }: Seen,
): (KnownPeriod & { readonly leftOut: number })[] {
  const { per, settlesMs = 0 } = template;
  return wholePeriods({ from, to: now }, per === "week" ? "week" : "day", timeZone)
    .filter((period) => period.to + settlesMs <= now && covers(seen, period))
    .map((period) => {
      const measure = measured.get(period.from) ?? { sum: 0, of: 0, leftOut: 0 };
      const value = numberOf(template, measure);
      const count = countOf(template, measure);
      return { ...period, ...(value !== undefined && { value }), ...(count !== undefined && { count }), leftOut: measure.leftOut };
    });
}
