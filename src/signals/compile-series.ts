import type { Instant, Interval } from "../domain/instant.ts";
import type { SeriesNumber, SeriesRule, SeriesSignal } from "../domain/series.ts";
import type { ValueSet } from "../domain/signal.ts";
import type { MeasuredEvent } from "../detect/measure-period.ts";
import { compileHead } from "./compile-head.ts";
import type { WrittenSeries, WrittenSeriesExample } from "./series-schema.ts";
import { compileWhere } from "./compile-where.ts";
import type { ValueSets } from "./read-value-sets.ts";
import { codingOf, durationMs, listed, periodOf, stepsAfter } from "./written-values.ts";

const minuteMs = 60_000;

/** Numbers at instants and the alarms they raise, or events and the numbers made of them. */
export interface SeriesExample {
  readonly name: string;
  readonly now: Instant;
  readonly gaps: readonly Interval[];
  /** By the instant at which the period begins. */
  readonly numbers: ReadonlyMap<Instant, number>;
  /** The numbers count events: a period without one holds none, and the days between them may be judged. */
  readonly areCounts: boolean;
  readonly events: readonly MeasuredEvent[];
  /** Absent: the example is of how numbers are made. */
  readonly alarms?: readonly { readonly from: Instant; readonly breaks: readonly string[] }[];
  readonly measured?: readonly { readonly from: Instant; readonly value: number; readonly leftOut: number }[];
}

/** A series signal as detection reads it. */
export function compileSeries(written: WrittenSeries, sets: ValueSets): SeriesSignal {
  const { series } = written;
  return {
    ...compileHead(written),
    series: {
      number: compileNumber(series.number, sets),
      per: series.per,
      against: series.against,
      historyMs: durationMs(series.history),
      needs: series.needs,
      ...(series.fewest !== undefined && { fewest: series.fewest }),
      ...(series.settles !== undefined && { settlesMs: durationMs(series.settles) }),
      ...(series.rare && { rare: { historyMs: durationMs(series.rare.history), needs: series.rare.needs } }),
      rules: series.rules.map(compileRule),
    },
  };
}

function compileNumber(written: WrittenSeries["series"]["number"], sets: ValueSets): SeriesNumber {
  if (written.what === "records") return written;
  const events = { activity: listed(written.activity), ...(written.where && compileCode(written.where.code, sets)) };
  if (written.what === "mean-value") {
    const { what, unit, charge, "molar-mass": molarMass } = written;
    return { what, unit, ...(molarMass !== undefined && { molarMass }), ...(charge !== undefined && { charge }), ...events };
  }
  if (written.what === "repeats") return { what: written.what, withinMs: durationMs(written.within), ...events };
  return { what: written.what, ...events };
}

function compileCode(code: string | readonly string[], sets: ValueSets): { readonly code?: readonly ValueSet[] } {
  const { code: compiled } = compileWhere({ code: [...listed(code)] }, sets);
  return compiled ? { code: compiled } : {};
}

function compileRule(written: WrittenSeries["series"]["rules"][number]): SeriesRule {
  if (!("side" in written)) return written as SeriesRule;
  const { rule, basis, side } = written;
  return { rule, basis, ...(side && { side }) };
}

/** @param periodMs how long a period of the series is */
export function compileSeriesExample(written: WrittenSeriesExample, periodMs: number): SeriesExample {
  const { name, now, numbers, counts, events = [], gaps = [], alarms, measured } = written;
  const startOf = (text: string): Instant => periodOf(text).from;
  return {
    name,
    now: startOf(now),
    gaps: gaps.map(([from, to]) => ({ from: startOf(from), to: startOf(to) })),
    numbers: new Map(
      (numbers ?? counts ?? []).flatMap(({ from, every, values, times = 1 }) =>
        Array.from({ length: times }, () => values)
          .flat()
          .map((value, index) => [stepsAfter(from, index, every === undefined ? periodMs : durationMs(every)), value] as const),
      ),
    ),
    areCounts: counts !== undefined,
    events: events.flatMap(compileEvents),
    ...(alarms && { alarms: alarms === "none" ? [] : alarms.map(({ from, breaks }) => ({ from: startOf(from), breaks: listed(breaks) })) }),
    ...(measured && {
      measured:
        measured === "none" ? [] : measured.map(({ from, value, "left-out": leftOut = 0 }) => ({ from: startOf(from), value, leftOut })),
    }),
  };
}

function compileEvents(written: NonNullable<WrittenSeriesExample["events"]>[number]): MeasuredEvent[] {
  const { at, activity, patient, patients, code, value, unit, comparator, times = 1 } = written;
  const { valueless = value === undefined ? "missing" : undefined } = written;
  const whose =
    patients === undefined ? [patient] : Array.from({ length: patients }, (_, index) => `${patient ?? "Patient/p"}-${String(index)}`);
  return whose.flatMap((own) =>
    Array.from({ length: times }, (_, index) => ({
      at: periodOf(at).from + index * minuteMs,
      activity,
      ...(own !== undefined && { patient: own }),
      ...(code !== undefined && { code: { codings: [codingOf(code)] } }),
      ...(value !== undefined && { value }),
      ...(unit !== undefined && { unit }),
      ...(comparator && { comparator }),
      ...(valueless && { valueless }),
    })),
  );
}
