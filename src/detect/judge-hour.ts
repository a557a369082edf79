import type { Instant } from "../domain/instant.ts";
import type { JudgedPeriod, RuleName, SeriesRule, SeriesTemplate } from "../domain/series.ts";
import { robustLimits, type Limits } from "../domain/spc.ts";

const hourMs = 3_600_000;
const weekMs = 168 * hourMs;

/** The counts of one feed by hour, as far as they are known. */
export interface HourCounts {
  /** How many records of the hour were understood; none where nothing was held. */
  readonly countAt: (hour: Instant) => number;
  /** Whether anything at all was held of the hour, understood or not. */
  readonly isHeard: (hour: Instant) => boolean;
  /** Whether the whole hour was read. */
  readonly isKnown: (hour: Instant) => boolean;
}

/** How far the zone's clock is ahead of UTC. */
export type OffsetAt = (at: Instant) => number;

/**
 * Judges one hour of a feed against the same hour of the weeks before, by the clock on the wall; undefined where the hour
 * was not wholly read. Weeks that were themselves outages hardly move the limits, while they are fewer than half.
 */
export function judgeHour(template: SeriesTemplate, counts: HourCounts, hour: Instant, offsetAt: OffsetAt): JudgedPeriod | undefined {
  if (!counts.isKnown(hour)) return undefined;
  const value = counts.countAt(hour);
  const known = weeksBefore(hour, template.historyMs, offsetAt).filter(counts.isKnown);
  const limits = known.length < template.needs ? undefined : robustLimits(known.map(counts.countAt));
  const breaks = template.rules.filter((rule) => isBroken(rule, value, limits, counts, hour)).map(({ rule }): RuleName => rule);
  return { from: hour, to: hour + hourMs, value, ...(limits && { limits }), breaks };
}

/** The same hour of each week before, by the clock on the wall, latest first. */
function weeksBefore(hour: Instant, historyMs: number, offsetAt: OffsetAt): Instant[] {
  const weeks = Math.floor(historyMs / weekMs);
  return Array.from({ length: weeks }, (_, index) => {
    const before = hour - (index + 1) * weekMs;
    return before + offsetAt(hour) - offsetAt(before);
  });
}

/**
 * The hours whose history an hour is: by the clock on the wall, and by the hours that have gone by, as silence is told. An
 * hour that the clocks leave out or have twice lies beside these.
 */
export function weeksAfter(hour: Instant, historyMs: number, offsetAt: OffsetAt): Instant[] {
  const weeks = Math.floor(historyMs / weekMs);
  return Array.from({ length: weeks }, (_, index) => hour + (index + 1) * weekMs).flatMap((later) => {
    const moved = later + offsetAt(hour) - offsetAt(later);
    return moved === later ? [later] : [later, moved, moved - hourMs, moved + hourMs];
  });
}

function isBroken(rule: SeriesRule, value: number, limits: Limits | undefined, counts: HourCounts, hour: Instant): boolean {
  // The hours that coverage does not count as seen, told as coverage tells them: the two must never differ.
  if (rule.rule === "silent") return isSilent(counts, hour, rule);
  if (!limits) return false;
  const { centre, lower, upper } = limits;
  if (rule.rule === "below") return centre >= rule.busy && value < lower && value < rule.share * centre;
  if (rule.rule === "above") return value > upper && value > Math.max(rule.busy, rule.times * centre);
  return false;
}

function isSilent(counts: HourCounts, hour: Instant, { busy, weeks }: { readonly busy: number; readonly weeks: number }): boolean {
  const before = Array.from({ length: weeks }, (_, index) => counts.countAt(hour - (index + 1) * weekMs));
  return !counts.isHeard(hour) && before.every((count) => count >= busy);
}
