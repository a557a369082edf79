import type { CareEvent, Observed } from "../domain/care-event.ts";
import { sameConcept } from "../domain/concept.ts";
import { convertValue } from "../domain/convert-value.ts";
import type { Concept } from "../domain/facts.ts";
import type { Interval } from "../domain/instant.ts";
import type { SeriesNumber, SeriesTemplate } from "../domain/series.ts";

/** What a number is made of: of one care event, whose patient it is (absent: nobody's), when, and what it says. */
export interface MeasuredEvent extends Pick<CareEvent, "activity" | "at" | "code" | "value" | "unit"> {
  readonly patient?: string;
  readonly comparator?: Observed["comparator"];
  readonly valueless?: Observed["valueless"];
}

/** A sum and what it is divided by: kept of each period, so that its number can be told. */
export interface Measure {
  readonly sum: number;
  readonly of: number;
  /** Values that are in neither: their unit does not convert, or they are mere bounds. */
  readonly leftOut: number;
}

/** What is measured of the events within a period; of repeats, those before it are looked back to. */
export function measurePeriod(number: SeriesNumber, events: readonly MeasuredEvent[], { from, to }: Interval): Measure {
  const codes = number.what === "records" || number.code === undefined ? undefined : new Set(number.code.flatMap(namesOf));
  const wanted = events.filter((event) => isMeasured(number, codes, event));
  const within = wanted.filter(({ at }) => at >= from && at < to);
  if (number.what === "share-without-value") {
    const due = within.filter(({ valueless }) => valueless !== "not-due");
    return { sum: due.filter(({ valueless }) => valueless === "missing").length, of: due.length, leftOut: 0 };
  }
  if (number.what === "mean-value") return measureMean(within, number);
  if (number.what === "repeats") {
    const patients = new Set(within.flatMap(({ patient = [] }) => patient));
    return { sum: countRepeats(wanted, { from, to }, number.withinMs), of: patients.size, leftOut: 0 };
  }
  return { sum: 0, of: 0, leftOut: 0 };
}

/** How far before a period events are looked back to. */
export function lookBackOf(number: SeriesNumber): number {
  return number.what === "repeats" ? number.withinMs : 0;
}

/** The number of a period; undefined where it rests on too few. */
export function numberOf({ fewest = 1, number }: SeriesTemplate, { sum, of }: Measure): number | undefined {
  if (of < fewest) return undefined;
  return number.what === "mean-value" ? sum / of : (100 * sum) / of;
}

/** How many of the events counted a period holds; undefined where nothing is counted. */
export function countOf({ number }: SeriesTemplate, { sum }: Measure): number | undefined {
  return number.what === "mean-value" ? undefined : sum;
}

function isMeasured(number: SeriesNumber, codes: ReadonlySet<string> | undefined, { activity, code }: MeasuredEvent): boolean {
  if (number.what === "records" || !number.activity.some((each) => each === activity)) return false;
  return codes === undefined || (code !== undefined && namesOf(code).some((name) => codes.has(name)));
}

function namesOf({ codings }: Pick<Concept, "codings">): string[] {
  return codings.map(({ system = "", code }) => `${system}|${code}`);
}

function measureMean(events: readonly MeasuredEvent[], number: Extract<SeriesNumber, { readonly what: "mean-value" }>): Measure {
  const said = events.filter(({ value }) => value !== undefined);
  const values = said.flatMap(({ value, unit: own, comparator }) => {
    const converted = value === undefined || comparator !== undefined ? undefined : convertValue(value, own, number.unit, number);
    return converted ?? [];
  });
  return { sum: values.reduce((sum, value) => sum + value, 0), of: values.length, leftOut: said.length - values.length };
}

/** Of two at one instant, the second repeats the first. */
function countRepeats(events: readonly MeasuredEvent[], { from, to }: Interval, withinMs: number): number {
  let repeats = 0;
  for (const [patient, own] of Map.groupBy(events, (event) => event.patient)) {
    if (patient === undefined) continue;
    const inOrder = own.toSorted((a, b) => a.at - b.at);
    inOrder.forEach((event, index) => {
      if (event.at < from || event.at >= to) return;
      const before = inOrder.slice(0, index).filter(({ at }) => event.at - at <= withinMs);
      if (before.some(({ code }) => code !== undefined && event.code !== undefined && sameConcept(code, event.code))) repeats += 1;
    });
  }
  return repeats;
}
