import type { TruthHours } from "../../src/simulate/truth/count-records.ts";
import { judgeHour } from "../../src/simulate/truth/judge-hours.ts";
import { compareAlarms, type NamedAlarm } from "./compare-alarms.ts";
import type { Comparison } from "./compare-loops.ts";
import type { MessKind } from "./samples.ts";

const hourMs = 3_600_000;

/** The truth of one feed, and when coverage.json says it was read; instants are epoch milliseconds. */
export interface TruthFeed {
  readonly feed: string;
  readonly hours: readonly TruthHours[];
  readonly covered: readonly (readonly [from: number, to: number])[];
}

export interface FoundFeeds {
  readonly hours: readonly { readonly type: string; readonly hour: number; readonly count: number }[];
  readonly alarms: readonly { readonly signal: string; readonly type: string; readonly hour: number; readonly breaks: readonly string[] }[];
}

/**
 * Each day of a feed has the number of records of every hour that was read, and each hour the alarms. An hour of which something
 * was stored in an outage is `unknown`, and with it whatever alarm differs in that feed; with undeclared mess alarms alone are compared.
 */
export function compareFeeds({ feed, hours, covered }: TruthFeed, found: FoundFeeds, kind: MessKind): Comparison[] {
  const isWithin = (from: number, to: number): boolean => covered.some(([begin, end]) => begin <= from && to <= end);
  const isRead = (hour: number): boolean => isWithin(hour, hour + hourMs);
  const told = new Map(hours.flatMap(({ from, counts }) => counts.map((count, place) => [from + place * hourMs, count] as const)));
  const held = new Map(found.hours.filter(({ type }) => type === feed).map(({ hour, count }) => [hour, count]));
  const days = hours.map(({ from, counts, storedAfter }): Comparison => {
    const places = counts.map((_, place) => place).filter((place) => isRead(from + place * hourMs));
    const differing = places.filter((place) => (held.get(from + place * hourMs) ?? 0) !== counts[place]);
    const isLost = (place: number): boolean =>
      !isWithin(from + place * hourMs, Math.min(from + (place + (storedAfter[place] ?? 1)) * hourMs, hours.at(-1)?.to ?? 0));
    const isExcused = differing.every((place) => (held.get(from + place * hourMs) ?? 0) < (counts[place] ?? 0) && isLost(place));
    return {
      signal: "feed-silence",
      subject: `${feed} ${new Date(from).toISOString()}`,
      standing: differing.length === 0 ? "agree" : isExcused ? "unknown" : "wrong",
      truth: counts.join(" "),
      found: counts.map((_, place) => held.get(from + place * hourMs) ?? 0).join(" "),
      why: undefined,
      openedAt: new Date(from).toISOString(),
      isExact: differing.length === 0,
    };
  });
  const isSpoilt = kind !== "undeclared" && days.some(({ standing }) => standing === "unknown");
  const known = { countAt: (hour: number) => told.get(hour) ?? 0, isRead };
  const alarms = [...told.keys()].flatMap((hour) => {
    const { silence, surge } = judgeHour(known, hour);
    return [...named("feed-silence", hour, silence), ...named("feed-surge", hour, surge)];
  });
  const seen = found.alarms.filter(({ type }) => type === feed).flatMap(({ signal, hour, breaks }) => named(signal, hour, breaks));
  return [...(kind === "undeclared" ? [] : days), ...compareAlarms(alarms, seen, isSpoilt)];

  function named(signal: string, hour: number, breaks: readonly string[]): NamedAlarm[] {
    if (breaks.length === 0) return [];
    return [{ signal, name: `${feed} ${new Date(hour).toISOString()} ${[...breaks].sort().join(" ")}` }];
  }
}
