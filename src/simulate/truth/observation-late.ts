import type { Chart } from "../chart.ts";
import { HOUR, type Instant } from "../london-time.ts";
import { earliest, type Expectation } from "./loop.ts";

/** A score asks for the next set: late from a third more of its interval on, and lapsed from two thirds more. */
export function observationLate(chart: Chart, now: Instant): Expectation[] {
  const sets = chart.scores.filter(({ at, isError }) => at < now && !isError);
  return sets.map(({ key, at, encounter, parts }): Expectation => {
    const interval = intervalOf(parts);
    const next = earliest(
      sets.filter((set) => set.key !== key && set.encounter === encounter).map((set) => set.at),
      at,
    );
    const lapse = at + Math.round(interval * 1.67);
    return {
      signal: "observation-late",
      subject: key,
      opens: "observation.recorded",
      openedAt: at,
      dueAt: at + Math.round(interval * 1.33),
      metAt: next !== undefined && next <= lapse ? next : undefined,
      cancelledAt: encounter.to < now ? encounter.to : undefined,
      because: `An early-warning score of ${parts.reduce((sum, points) => sum + points, 0)} asked for the next set`,
    };
  });
}

function intervalOf(parts: readonly number[]): number {
  const total = parts.reduce((sum, points) => sum + points, 0);
  if (total >= 7) return HOUR / 2;
  if (total >= 5 || parts.includes(3)) return HOUR;
  return total === 0 ? 12 * HOUR : 6 * HOUR;
}
