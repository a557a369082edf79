import { judgeSeries } from "../../src/simulate/truth/judge-series.ts";
import type { TruthPeriod } from "../../src/simulate/truth/measure-series.ts";
import { compareAlarms, type NamedAlarm } from "./compare-alarms.ts";
import type { Comparison, Standing } from "./compare-loops.ts";
import type { MessKind } from "./samples.ts";

/** What a scan measured and judged of one series; instants are epoch milliseconds. */
export interface FoundSeries {
  readonly signal: string;
  /** What the scan knows to have been read whole. */
  readonly read: readonly (readonly [from: number, to: number])[];
  readonly periods: readonly { readonly from: number; readonly sum: number; readonly of: number }[];
  readonly alarms: readonly {
    readonly from: number;
    readonly to: number;
    readonly breaks: readonly string[];
    readonly isOfDaysBetween: boolean;
  }[];
}

type Intervals = readonly (readonly [from: number, to: number])[];

/** What coverage.json says was read of what is measured, and that less the hours in which nothing came that should have. */
export interface Seen {
  readonly covered: Intervals;
  readonly heard: Intervals;
}

/**
 * The number of each day or week that is over and was read whole, and each alarm. What coverage.json does not cover is to be no
 * point; a day of which something was stored in an outage has another number, and nothing says so: neither it nor the alarms of
 * such a chart are held against the scan. With undeclared mess every number is off by what was lost, and alarms alone are compared.
 */
export function compareSeries(
  signal: string,
  truth: readonly TruthPeriod[],
  found: FoundSeries | undefined,
  seen: Seen,
  kind: MessKind,
): Comparison[] {
  const compared = kind === "undeclared" ? [] : truth.map((period) => comparePeriod(period, found, seen));
  const isSpoilt = compared.some(({ standing, isExact }) => standing !== "agree" && !isExact);
  const whole = truth.filter(({ from, to }) => isWithin(seen.heard, from, to));
  const told = judgeSeries(signal, whole).map((alarm) => named(signal, alarm));
  const seenAlarms = (found?.alarms ?? []).map((alarm) => named(signal, alarm));
  return [...compared, ...compareAlarms(told, seenAlarms, isSpoilt)];
}

function comparePeriod(period: TruthPeriod, found: FoundSeries | undefined, { covered, heard }: Seen): Comparison {
  const { signal, from, to, sum, of, storedUntil } = period;
  const own = found?.periods.find((each) => each.from === from) ?? { sum: 0, of: 0 };
  const isKnown = isWithin(found?.read ?? [], from, to);
  const isSame = own.of === of && Math.abs(own.sum - sum) < 1e-6;
  const standing = ((): Standing => {
    if (!isWithin(covered, from, to)) return isKnown ? "wrong" : "unknown";
    // Silence is told by both.
    if (!isWithin(heard, from, to)) return isKnown ? "wrong" : "agree";
    if (isKnown && isSame) return "agree";
    return isWithin(covered, from, Math.max(to, storedUntil)) ? "wrong" : "unknown";
  })();
  return {
    signal,
    subject: `from ${new Date(from).toISOString()}`,
    standing,
    truth: `${sum} of ${of}`,
    found: isKnown ? `${own.sum} of ${own.of}` : "not read whole",
    why: undefined,
    openedAt: new Date(from).toISOString(),
    // What was not read whole is no point, on either side.
    isExact: isSame || !isKnown,
  };
}

function named(signal: string, { from, to, breaks, isOfDaysBetween }: FoundSeries["alarms"][number]): NamedAlarm {
  const parts = [new Date(from).toISOString(), new Date(to).toISOString(), isOfDaysBetween ? "between" : "", ...[...breaks].sort()];
  return { signal, name: parts.join(" ") };
}

function isWithin(intervals: Intervals, from: number, to: number): boolean {
  return intervals.some(([begin, end]) => begin <= from && to <= end);
}
