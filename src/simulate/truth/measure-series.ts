import type { Chart } from "../chart.ts";
import { DAY, HOUR, atHour, dayNumber, type Instant } from "../london-time.ts";

/** What was measured of one day or week of a series, and when the last of it was stored: a line of truth-series.ndjson. */
export interface TruthPeriod {
  readonly signal: string;
  readonly from: Instant;
  readonly to: Instant;
  /** Of the mean potassium the sum of values; else how many were missing, or repeated. */
  readonly sum: number;
  /** What it is divided by: values; results of which a value is due; patients. */
  readonly of: number;
  readonly storedUntil: Instant;
}

/** A result as a laboratory sends it: of what, when it was taken, whether it says anything, and when the EPR had it. */
interface Sent {
  readonly code: string;
  readonly at: Instant;
  readonly value: number | undefined;
  readonly saysNothing: boolean;
  readonly storedAt: Instant;
}

const potassium = "2823-3";
const repeatWithin = 12 * HOUR;

type Sums = Map<Instant, { sum: number; of: number; storedUntil: Instant }>;

/** Adds up, patient by patient; what is kept is a few numbers a day. */
export function measureSeries(start: Instant, now: Instant): { readonly see: (chart: Chart) => void; readonly tell: () => TruthPeriod[] } {
  const [incomplete, mean, repeated]: Sums[] = [new Map(), new Map(), new Map()] as [Sums, Sums, Sums];
  const add = (sums: Sums | undefined, period: Instant, sum: number, of: number, storedAt: Instant): void => {
    const held = sums?.get(period) ?? { sum: 0, of: 0, storedUntil: 0 };
    sums?.set(period, { sum: held.sum + sum, of: held.of + of, storedUntil: Math.max(held.storedUntil, storedAt) });
  };
  return {
    see(chart) {
      const sent = listSent(chart, now);
      for (const { code, at, value, saysNothing, storedAt } of sent) {
        const day = atHour(at, 0);
        add(incomplete, day, saysNothing ? 1 : 0, 1, storedAt);
        if (code === potassium && value !== undefined) add(mean, day, value, 1, storedAt);
      }
      for (const [week, own] of Map.groupBy(sent, ({ at }) => weekOf(at))) {
        const repeats = own.filter((one) => sent.some((other) => isRepeat(one, other, sent))).length;
        add(repeated, week, repeats, 1, Math.max(...own.map(({ storedAt }) => storedAt)));
      }
    },
    tell: () => [
      ...periods("results-incomplete", incomplete, 1, start, now),
      ...periods("potassium-shift", mean, 1, start, now),
      ...periods("duplicate-tests", repeated, 7, start, now),
    ],
  };
}

/** The same test of the same patient within twelve hours before; of two at one instant, the second repeats the first. */
function isRepeat(one: Sent, other: Sent, all: readonly Sent[]): boolean {
  if (one === other || one.code !== other.code || one.at - other.at > repeatWithin || other.at > one.at) return false;
  return other.at < one.at || all.indexOf(other) < all.indexOf(one);
}

/** Every result with its newest value. */
function listSent({ results, findings, samples }: Chart, now: Instant): Sent[] {
  const readings = new Set(results.flatMap(({ versions }) => versions.flatMap((version) => version.readings)));
  const ofReadings = [...readings].flatMap(({ analyte, takenAt, values }): Sent[] => {
    const held = values.filter(({ at }) => at < now);
    const newest = held.at(-1);
    if (newest === undefined) return [];
    return [{ code: analyte.code.code, at: takenAt, value: newest.value, saysNothing: false, storedAt: newest.at }];
  });
  return [
    ...ofReadings,
    ...findings.map(({ code, at, issuedAt }) => ({ code: code.code, at, value: undefined, saysNothing: false, storedAt: issuedAt })),
    ...samples.map(({ analyte, takenAt, reportedAt, value }) => ({
      code: analyte.code.code,
      at: takenAt,
      value,
      saysNothing: value === undefined,
      storedAt: reportedAt,
    })),
  ].filter(({ storedAt }) => storedAt < now);
}

/** The midnight at which the week began: weeks begin on Mondays, and the first day of 1970 was a Thursday. */
function weekOf(at: Instant): Instant {
  return atHour(at, 0, -((dayNumber(at) + 3) % 7));
}

/** Whole days or weeks that are over for a day, empty ones too. */
function periods(signal: string, sums: Sums, days: 1 | 7, start: Instant, now: Instant): TruthPeriod[] {
  const told: TruthPeriod[] = [];
  const first = days === 7 && weekOf(start) < start ? atHour(weekOf(start), 0, 7) : start;
  for (let from = first; atHour(from, 0, days) + DAY <= now; from = atHour(from, 0, days))
    told.push({ signal, from, to: atHour(from, 0, days), ...(sums.get(from) ?? { sum: 0, of: 0, storedUntil: from }) });
  return told;
}
