import { HOUR, atHour, hourOf, type Instant } from "../london-time.ts";
import type { TruthHours } from "./count-records.ts";

/** What is known of the hours of one feed. */
export interface Hours {
  readonly countAt: (hour: Instant) => number;
  readonly isRead: (hour: Instant) => boolean;
}

const week = 168 * HOUR;
const busy = 20;

/**
 * Which rules one hour of a feed breaks (decision 0016 and the signals' own files): against the same hour of the eight weeks before
 * by the clock on the wall, of which four were read: median ± 3 standard deviations, told from the median absolute deviation and no
 * nearer than the root of the median. Silence is nothing at all where the same hour of four weeks before held twenty each.
 */
export function judgeHour({ countAt, isRead }: Hours, hour: Instant): { readonly silence: string[]; readonly surge: string[] } {
  if (!isRead(hour)) return { silence: [], surge: [] };
  const count = countAt(hour);
  const weeks = [1, 2, 3, 4, 5, 6, 7, 8];
  const isSilent = count === 0 && weeks.slice(0, 4).every((back) => countAt(hour - back * week) >= busy);
  const history = weeks.map((back) => atHour(hour, hourOf(hour), -7 * back)).filter(isRead);
  const silent = isSilent ? ["silent"] : [];
  if (history.length < 4) return { silence: silent, surge: [] };
  const counts = history.map(countAt);
  const usual = middle(counts);
  const spread = 1.4826 * middle(counts.map((each) => Math.abs(each - usual)));
  const reach = 3 * Math.max(spread, Math.sqrt(usual));
  const isBelow = usual >= busy && count < usual - reach && count < usual / 2;
  const isAbove = count > usual + reach && count > busy && count > 2 * usual;
  return { silence: [...silent, ...(isBelow ? ["below"] : [])], surge: isAbove ? ["above"] : [] };
}

function middle(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? 0) + (sorted[Math.floor(half)] ?? 0)) / 2;
}

/** The hours of one feed in which nothing came that should have: whatever rests on them was not seen (design.md, Coverage). */
export function silentHours(days: readonly TruthHours[], isRead: (hour: Instant) => boolean = () => true): Instant[] {
  const counts = new Map(days.flatMap(({ from, counts: own }) => own.map((count, place) => [from + place * HOUR, count] as const)));
  const known: Hours = { countAt: (hour) => counts.get(hour) ?? 0, isRead: (hour) => counts.has(hour) && isRead(hour) };
  return [...counts.keys()].filter((hour) => judgeHour(known, hour).silence.includes("silent"));
}
