import { Temporal } from "temporal-polyfill";
import type { Instant } from "./instant.ts";

/** When doses of a medicine are due, as far as the order says it by the clock. Local times are in `zone`. */
export interface Dosage {
  readonly zone: string;
  /** Not before; the first dose of an interval. */
  readonly from: Instant;
  /** Not at or after. */
  readonly until?: Instant;
  /** So many doses in all, from `from`. */
  readonly count?: number;
  /** At these instants, and no others. */
  readonly at?: readonly Instant[];
  /** Every so long from `from` on. */
  readonly everyMs?: number;
  /** At these local times (`08:00`), every so many days from the day of `from` on, on these days of the week (1 Monday) if given. */
  readonly times?: readonly string[];
  readonly everyDays?: number;
  readonly weekdays?: readonly number[];
}

/** What a prescription says of its doses. */
export interface Dosed {
  /** Hash of how a medicine is to be taken (amount, times, words): where it differs, the dose was changed. */
  readonly doseHash?: string;
  /** When doses are due by the clock. */
  readonly dosages?: readonly Dosage[];
}

/** From when on which instructions were in force; half-open. */
export interface DoseSegment {
  readonly from: Instant;
  readonly until?: Instant;
  readonly dosages: readonly Dosage[];
}

const dayMs = 86_400_000;
/** Nobody gives more often than every minute. */
const shortestMs = 60_000;

/** Every instant at which a dose is due in `[from, to]`, and the first one after it; in order, each once. */
export function dosesDue(segments: readonly DoseSegment[], from: Instant, to: Instant): Instant[] {
  const due = segments.flatMap((segment) => segment.dosages.flatMap((dosage) => ofDosage(dosage, segment, from, to)));
  const sorted = [...new Set(due)].sort((a, b) => a - b);
  const later = sorted.findIndex((at) => at > to);
  return later < 0 ? sorted : sorted.slice(0, later + 1);
}

function ofDosage(dosage: Dosage, segment: DoseSegment, from: Instant, to: Instant): Instant[] {
  const start = Math.max(dosage.from, segment.from, from);
  const end = Math.min(dosage.until ?? Infinity, segment.until ?? Infinity);
  const found: Instant[] = [];
  // What is counted is counted from the first dose.
  let left = dosage.count ?? Infinity;
  for (const at of instants(dosage, dosage.count === undefined ? start : dosage.from)) {
    if (at >= end || left <= 0) break;
    left -= 1;
    if (at < start) continue;
    found.push(at);
    if (at > to) break;
  }
  return found;
}

/** The instants of a dosage from `start` on, in order, without end where it has none. */
function* instants(dosage: Dosage, start: Instant): Generator<Instant> {
  if (dosage.at) yield* [...dosage.at].filter((at) => at >= start).sort((a, b) => a - b);
  else if (dosage.everyMs !== undefined) yield* atIntervals(dosage.from, Math.max(dosage.everyMs, shortestMs), start);
  else if (dosage.times) yield* atTimes(dosage, dosage.times, start);
}

function* atIntervals(first: Instant, everyMs: number, start: Instant): Generator<Instant> {
  for (let turn = Math.max(0, Math.ceil((start - first) / everyMs)); ; turn += 1) yield first + turn * everyMs;
}

function* atTimes({ zone, from, everyDays = 1, weekdays }: Dosage, times: readonly string[], start: Instant): Generator<Instant> {
  const dayOf = (at: Instant) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
  const first = dayOf(from);
  const sorted = times.map((time) => Temporal.PlainTime.from(time)).sort((a, b) => Temporal.PlainTime.compare(a, b));
  const ahead = Math.max(0, Math.floor((start - from) / dayMs) - 1);
  // A week of days without one is a dosage that never comes.
  for (let day = Math.floor(ahead / everyDays) * everyDays, idle = 0; idle < 400; day += everyDays, idle += 1) {
    const date = first.add({ days: day });
    if (weekdays && !weekdays.includes(date.dayOfWeek)) continue;
    for (const plainTime of sorted) {
      const at = date.toZonedDateTime({ timeZone: zone, plainTime }).epochMilliseconds;
      if (at < Math.max(start, from)) continue;
      idle = 0;
      yield at;
    }
  }
}
