import { DAY } from "../london-time.ts";
import type { TruthPeriod } from "./measure-series.ts";

/** A run of periods that break a rule; of rare events, of the days between them. */
export interface TruthAlarm {
  readonly alarm: true;
  readonly signal: string;
  readonly from: number;
  readonly to: number;
  readonly breaks: readonly string[];
  readonly isOfDaysBetween: boolean;
}

interface Plan {
  /** With fewer, a period has no number. */
  readonly fewest: number;
  readonly perHundred: boolean;
  readonly onlyHigh: boolean;
  readonly historyDays: number;
  readonly needs: number;
  readonly rare?: { readonly historyDays: number; readonly needs: number };
}

/** As the signals' own files say it. */
const plans: Readonly<Record<string, Plan>> = {
  "results-incomplete": {
    fewest: 50,
    perHundred: true,
    onlyHigh: true,
    historyDays: 56,
    needs: 20,
    rare: { historyDays: 365, needs: 8 },
  },
  "potassium-shift": { fewest: 20, perHundred: false, onlyHigh: false, historyDays: 56, needs: 20 },
  "duplicate-tests": { fewest: 20, perHundred: true, onlyHigh: true, historyDays: 182, needs: 12 },
};

const run = 7;
type Side = "high" | "low";
type Broken = Pick<TruthAlarm, "from" | "to" | "breaks">;

/** The number that stands on the chart; undefined where it rests on too few. */
function numberOf({ signal, sum, of }: TruthPeriod): number | undefined {
  const plan = plans[signal];
  if (plan === undefined || of < plan.fewest) return undefined;
  return plan.perHundred ? (100 * sum) / of : sum / of;
}

/**
 * The alarms of one series by signals.md, section 3 (XmR; a point outside, seven on one side, seven rising or falling, two of
 * three in the outer third) and decision 0020: limits of the history less the last seven numbers; rare events by the days between.
 * Periods in order of time, those that were read whole.
 */
export function judgeSeries(signal: string, periods: readonly TruthPeriod[]): TruthAlarm[] {
  const plan = plans[signal];
  if (plan === undefined) return [];
  const isRare = periods.map((period, place) => plan.rare !== undefined && tellRare(plan, periods, period, place));
  const points = periods.flatMap((period, place) => {
    const value = numberOf(period);
    return value === undefined ? [] : [{ ...period, value, isRare: isRare[place] }];
  });
  const numbers = points.map((point, place): Broken => {
    const { from, to } = point;
    const history = points.slice(0, place + 1).filter((each) => middle(each) >= from - plan.historyDays * DAY);
    const values = history.map(({ value }) => value);
    return { from, to, breaks: point.isRare ? [] : rulesBroken(values, plan.needs, plan.onlyHigh ? "high" : undefined) };
  });
  const between = plan.rare ? judgeBetween(plan.rare, periods, isRare) : [];
  const named = (isOfDaysBetween: boolean) => (each: Broken) => ({ alarm: true as const, signal, ...each, isOfDaysBetween });
  return [...runsOf(numbers).map(named(false)), ...runsOf(between).map(named(true))];
}

const middle = ({ from, to }: { readonly from: number; readonly to: number }): number => (from + to) / 2;

/** Over half of the days of the history, less the last seven, have none; and this one has no more than seven. */
function tellRare(plan: Plan, periods: readonly TruthPeriod[], { from, sum }: TruthPeriod, place: number): boolean {
  const history = periods.slice(0, place + 1).filter((each) => middle(each) >= from - plan.historyDays * DAY);
  const before = history.slice(0, -run);
  return sum <= run && before.length >= plan.needs && before.filter((each) => each.sum === 0).length * 2 > before.length;
}

/** Which rules the last of these numbers breaks. */
function rulesBroken(values: readonly number[], needs: number, only: Side | undefined): string[] {
  const base = values.slice(0, -run);
  if (base.length < Math.max(needs, 2)) return [];
  const centre = base.reduce((sum, value) => sum + value, 0) / base.length;
  let moved = 0;
  for (let place = 1; place < base.length; place += 1) moved += Math.abs((base[place] ?? 0) - (base[place - 1] ?? 0));
  const reach = 2.66 * (moved / (base.length - 1));
  const last = values.slice(-run);
  const value = last.at(-1) ?? NaN;
  const sides = (test: (each: number, sign: 1 | -1) => boolean, of: readonly number[]): Side[] => [
    ...(of.length > 0 && of.every((each) => test(each, 1)) ? (["high"] as const) : []),
    ...(of.length > 0 && of.every((each) => test(each, -1)) ? (["low"] as const) : []),
  ];
  const steps = last.slice(1).map((each, place) => each - (last[place] ?? NaN));
  const outer = (each: number, sign: 1 | -1): boolean => sign * (each - centre) > (reach * 2) / 3;
  const twoOfThree = ([1, -1] as const)
    .filter((sign) => outer(value, sign) && values.slice(-3).filter((each) => outer(each, sign)).length >= 2)
    .map((sign): Side => (sign === 1 ? "high" : "low"));
  const found: readonly (readonly [string, readonly Side[]])[] = [
    ["outside", sides((each, sign) => sign * (each - centre) > reach, [value])],
    ["shift", last.length < run ? [] : sides((each, sign) => sign * (each - centre) > 0, last)],
    ["trend", last.length < run ? [] : sides((each, sign) => sign * each > 0, steps)],
    ["outer-third", twoOfThree],
  ];
  return found.filter(([, at]) => at.some((side) => only === undefined || side === only)).map(([rule]) => rule);
}

/** Days from one day with events to the next, made even (to the power of 1/3.6); what is more often is closer together. */
function judgeBetween(rare: NonNullable<Plan["rare"]>, periods: readonly TruthPeriod[], isRare: readonly boolean[]): Broken[] {
  const gaps: { readonly to: number; readonly value: number }[] = [];
  const judged: Broken[] = [];
  let last: TruthPeriod | undefined;
  for (const [place, day] of periods.entries()) {
    const isApart = place > 0 && periods[place - 1]?.to !== day.from;
    if (isApart) last = undefined;
    if (day.sum === 0) continue;
    const own = [
      ...(last === undefined ? [] : [Math.round((day.from - last.from) / DAY)]),
      ...Array.from({ length: Math.min(day.sum - 1, run) }, () => 0),
    ];
    const from = last?.to ?? day.from;
    last = day;
    if (own.length === 0) continue;
    const breaks = new Set<string>();
    for (const days of own) {
      gaps.push({ to: day.to, value: days ** (1 / 3.6) });
      const history = gaps.filter(({ to }) => to - DAY / 2 >= day.from - rare.historyDays * DAY);
      for (const rule of rulesBroken(
        history.map(({ value }) => value),
        rare.needs,
        "low",
      ))
        breaks.add(rule);
    }
    if (isRare[place]) judged.push({ from, to: day.to, breaks: [...breaks] });
  }
  return judged;
}

/** One alarm is one run: from the first that breaks a rule to the last without one between that breaks none. */
function runsOf(judged: readonly Broken[]): Broken[] {
  const runs: Broken[] = [];
  judged.forEach((each, place) => {
    if (each.breaks.length === 0) return;
    const before = runs.at(-1);
    const goesOn = before !== undefined && (judged[place - 1]?.breaks.length ?? 0) > 0;
    if (goesOn) runs[runs.length - 1] = { ...before, to: each.to, breaks: [...new Set([...before.breaks, ...each.breaks])] };
    else runs.push(each);
  });
  return runs;
}
