import type { JudgedPeriod, RuleName, SeriesRule, SeriesTemplate } from "../domain/series.ts";
import { outerThird, outside, runLength, shift, trend, xmrLimits, type Limits, type Side } from "../domain/spc.ts";

/** A period with its number: one that is not known has none, and is left out. */
export type NumberedPeriod = Pick<JudgedPeriod, "from" | "to" | "value">;

/**
 * Judges the last of these periods, which are in order of time and lie within the template's history. The limits are those
 * of the periods before the last seven: what is tested for a shift must not have moved the line that it is tested against.
 * So limits follow a lasting change of themselves, some weeks later.
 */
export function judgePeriod(template: SeriesTemplate, periods: readonly NumberedPeriod[]): JudgedPeriod | undefined {
  const judged = periods.at(-1);
  if (!judged) return undefined;
  const values = periods.map(({ value }) => value);
  const before = values.slice(0, -runLength);
  const limits = before.length < template.needs ? undefined : xmrLimits(before);
  const recent = values.slice(-runLength);
  const breaks = limits ? template.rules.filter((rule) => isBroken(rule, recent, limits)).map(({ rule }): RuleName => rule) : [];
  return { from: judged.from, to: judged.to, value: judged.value, ...(limits && { limits }), breaks };
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
