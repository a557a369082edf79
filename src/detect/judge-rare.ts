import type { JudgedPeriod, SeriesRule, SeriesTemplate } from "../domain/series.ts";
import { evened, restored, runLength } from "../domain/spc.ts";
import { isBefore, judgeLast, type KnownPeriod } from "./judge-period.ts";

const dayMs = 86_400_000;

/** Where events of a day came, how many days after those before; undefined where a day between was not read. */
interface Occurrence {
  readonly from: number;
  readonly to: number;
  /** Several on one day are none apart; more than a run of them says no more. */
  readonly days: readonly number[];
}

/**
 * Of each day, whether its events are rare: over half of the known days of its history, less the last seven, hold none, and
 * it holds no more than a run of them. More on one day are judged by its number, however rare they were before.
 */
export function tellRare({ historyMs, needs }: SeriesTemplate, days: readonly KnownPeriod[]): boolean[] {
  let first = 0;
  return days.map((day, index) => {
    while (isBefore(days[first] ?? day, day.from - historyMs)) first += 1;
    const before = days.slice(first, Math.max(first, index + 1 - runLength));
    const isBurst = (day.count ?? 0) > runLength;
    return !isBurst && before.length >= needs && 2 * before.filter(({ count }) => count === 0).length > before.length;
  });
}

/**
 * Judges the days between rare events as a t chart does: made even, then mean ± 2.66 × mean moving range (`spc.ts`). What is
 * more often is closer together, so a rule that looks up looks down here.
 */
export function judgeRare(template: SeriesTemplate, days: readonly KnownPeriod[], isRare: readonly boolean[]): JudgedPeriod[] {
  const { rare } = template;
  if (!rare) return [];
  const rules = template.rules.map(flipped);
  const occurrences: Occurrence[] = [];
  const judged: JudgedPeriod[] = [];
  let last: KnownPeriod | undefined;
  let isWhole = false;
  let ended = -Infinity;
  days.forEach((day, index) => {
    isWhole &&= ended === day.from;
    ended = day.to;
    if (!day.count) return;
    const apart = last && isWhole ? [Math.round((day.from - last.from) / dayMs)] : [];
    const own = [...apart, ...Array.from({ length: Math.min(day.count - 1, runLength) }, () => 0)];
    const occurrence = { from: last && isWhole ? last.to : day.from, to: day.to, days: own };
    [last, isWhole] = [day, true];
    if (own.length === 0) return;
    occurrences.push(occurrence);
    if (isRare[index])
      judged.push(
        judge(
          rules,
          rare.needs,
          occurrences.filter(({ to }) => !isBefore({ from: to - dayMs, to }, day.from - rare.historyMs)),
        ),
      );
  });
  return judged;
}

/** The last of these, by each of its numbers. */
function judge(rules: readonly SeriesRule[], needs: number, occurrences: readonly Occurrence[]): JudgedPeriod {
  const last = occurrences.at(-1);
  if (!last) throw new Error("nothing occurred");
  const values = occurrences.flatMap(({ days }) => days).map(evened);
  const verdicts = last.days.map((_, index) => judgeLast(rules, values.slice(0, values.length - last.days.length + index + 1), needs));
  const broken = new Set(verdicts.flatMap(({ breaks }) => breaks));
  const limits = verdicts.at(-1)?.limits;
  return {
    from: last.from,
    to: last.to,
    value: last.days.at(-1) ?? 0,
    daysBetween: true,
    ...(limits && { limits: { centre: restored(limits.centre), lower: restored(limits.lower), upper: restored(limits.upper) } }),
    breaks: rules.map(({ rule }) => rule).filter((rule) => broken.has(rule)),
  };
}

function flipped(rule: SeriesRule): SeriesRule {
  return "side" in rule ? { ...rule, side: rule.side === "high" ? "low" : "high" } : rule;
}
