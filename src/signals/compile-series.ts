import type { Instant, Interval } from "../domain/instant.ts";
import type { SeriesNumber, SeriesRule, SeriesSignal } from "../domain/series.ts";
import type { MeasuredEvent } from "../detect/measure-period.ts";
import { compileHead } from "./compile-head.ts";
import type { WrittenSeries, WrittenSeriesExample } from "./series-schema.ts";
import { durationMs, listed, periodOf } from "./written-values.ts";

const minuteMs = 60_000;

/** Numbers at instants and the alarms they raise, or events and the numbers made of them. */
export interface SeriesExample {
  readonly name: string;
  readonly now: Instant;
  readonly gaps: readonly Interval[];
  /** By the instant at which the period begins. */
  readonly numbers: ReadonlyMap<Instant, number>;
  readonly events: readonly MeasuredEvent[];
  /** Absent: the example is of how numbers are made. */
  readonly alarms?: readonly { readonly from: Instant; readonly breaks: readonly string[] }[];
  readonly measured?: readonly { readonly from: Instant; readonly value: number }[];
}

/** A series signal as detection reads it. */
export function compileSeries(written: WrittenSeries): SeriesSignal {
  const { series } = written;
  return {
    ...compileHead(written),
    series: {
      number: compileNumber(series.number),
      per: series.per,
      against: series.against,
      historyMs: durationMs(series.history),
      needs: series.needs,
      ...(series.fewest !== undefined && { fewest: series.fewest }),
      rules: series.rules.map(compileRule),
    },
  };
}

function compileNumber(written: WrittenSeries["series"]["number"]): SeriesNumber {
  if (written.what === "records") return written;
  const events = { activity: listed(written.activity), ...(written.code !== undefined && { code: listed(written.code) }) };
  if (written.what === "mean-value") return { what: written.what, unit: written.unit, ...events };
  if (written.what === "repeats") return { what: written.what, withinMs: durationMs(written.within), ...events };
  return { what: written.what, ...events };
}

function compileRule(written: WrittenSeries["series"]["rules"][number]): SeriesRule {
  if (!("side" in written)) return written as SeriesRule;
  const { rule, basis, side } = written;
  return { rule, basis, ...(side && { side }) };
}

/** @param periodMs how long a period of the series is */
export function compileSeriesExample(written: WrittenSeriesExample, periodMs: number): SeriesExample {
  const { name, now, numbers = [], events = [], gaps = [], alarms, measured } = written;
  const startOf = (text: string): Instant => periodOf(text).from;
  return {
    name,
    now: startOf(now),
    gaps: gaps.map(([from, to]) => ({ from: startOf(from), to: startOf(to) })),
    numbers: new Map(
      numbers.flatMap(({ from, every, values }) =>
        values.map((value, index) => [startOf(from) + index * (every === undefined ? periodMs : durationMs(every)), value] as const),
      ),
    ),
    events: events.flatMap(compileEvents),
    ...(alarms && { alarms: alarms === "none" ? [] : alarms.map(({ from, breaks }) => ({ from: startOf(from), breaks: listed(breaks) })) }),
    ...(measured && { measured: measured === "none" ? [] : measured.map(({ from, value }) => ({ from: startOf(from), value })) }),
  };
}

function compileEvents(written: NonNullable<WrittenSeriesExample["events"]>[number]): MeasuredEvent[] {
  const { at, activity, patient, code, value, unit, times = 1 } = written;
  return Array.from({ length: times }, (_, index) => ({
    at: periodOf(at).from + index * minuteMs,
    activity,
    patient,
    ...(code !== undefined && { code: { codings: [{ system: "http://loinc.org", code }] } }),
    ...(value !== undefined && { value }),
    ...(unit !== undefined && { unit }),
  }));
}
