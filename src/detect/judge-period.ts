import type { Instant, Interval } from "../domain/instant.ts";
import type { JudgedPeriod, RuleName, SeriesRule, SeriesTemplate } from "../domain/series.ts";
import { outerThird, outside, runLength, shift, trend, xmrLimits, type Limits, type Side } from "../domain/spc.ts";

/** A period with its number: one that is not known has none, and is left out. */
export type NumberedPeriod = Pick<JudgedPeriod, "from" | "to" | "value">;

/** A period that was read whole: its number, unless it rests on too few, and how many of the events counted it holds. */
export interface KnownPeriod extends Interval {
  readonly value?: number;
  readonly count?: number;
}

/** Told by its middle: where the clocks change, a day begins an hour sooner or later. */
export function isBefore({ from, to }: Interval, at: Instant): boolean {
  return (from + to) / 2 < at;
}

/**
 * Judges the last of these periods, which are in order of time and lie within the template's history. The limits are those
 * of the periods before the last seven: what is tested for a shift must not have moved the line that it is tested against.
 * So limits follow a lasting change of themselves, some weeks later.
 */
export function judgePeriod(template: SeriesTemplate, periods: readonly NumberedPeriod[]): JudgedPeriod | undefined {
  const judged = periods.at(-1);
  if (!judged) return undefined;
  const values = periods.map(({ value }) => value);
  const { limits, breaks } = judgeLast(template.rules, values, template.needs);
  return { from: judged.from, to: judged.to, value: judged.value, ...(limits && { limits }), breaks };
}

/** Which rules the last of these numbers breaks; without limits where fewer than `needs` come before the last seven. */
export function judgeLast(
  rules: readonly SeriesRule[],
  values: readonly number[],
  needs: number,
): { readonly limits: Limits | undefined; readonly breaks: readonly RuleName[] } {
  const before = values.slice(0, -runLength);
  const limits = before.length < needs ? undefined : xmrLimits(before);
  const recent = values.slice(-runLength);
  return { limits, breaks: limits ? rules.filter((rule) => isBroken(rule, recent, limits)).map(({ rule }): RuleName => rule) : [] };
}

function isBroken(rule: SeriesRule, recent: readonly number[], limits: Limits): boolean {
  const side = sideOf(rule.rule, recent, limits);
  return side !== undefined && (!("side" in rule) || rule.side === side);
}

function sideOf(rule: RuleName, recent: readonly number[], limits: Limits): Side | undefined {
  if (rule === "outside") return outside(recent.at(-1) ?? NaN, limits);
  if (rule === "shift") return shift(recent, limits);
  if (rule === "trend") return trend(recent);
  return rule === "outer-third" ? outerThird(recent, limits) : undefined;
}
