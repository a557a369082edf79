import type { CareEvent } from "../domain/care-event.ts";
import { sameConcept } from "../domain/concept.ts";
import type { Interval } from "../domain/instant.ts";
import type { SeriesNumber, SeriesTemplate } from "../domain/series.ts";

/** What a number is made of: of one care event, whose patient it is, when, and what it says. */
export interface MeasuredEvent extends Pick<CareEvent, "activity" | "at" | "code" | "value" | "unit"> {
  readonly patient: string;
}

/** A sum and what it is divided by: kept of each period, so that its number can be told. */
export interface Measure {
  readonly sum: number;
  readonly of: number;
}

/** What is measured of the events within a period; of repeats, those before it are looked back to. */
export function measurePeriod(number: SeriesNumber, events: readonly MeasuredEvent[], { from, to }: Interval): Measure {
  const wanted = events.filter((event) => isWanted(number, event));
  const within = wanted.filter(({ at }) => at >= from && at < to);
  if (number.what === "share-without-value")
    return { sum: 100 * within.filter(({ value }) => value === undefined).length, of: within.length };
  if (number.what === "mean-value") {
    const values = within.flatMap(({ value, unit }) => (value !== undefined && unit === number.unit ? [value] : []));
    return { sum: values.reduce((sum, value) => sum + value, 0), of: values.length };
  }
  if (number.what === "repeats") {
    const repeats = within.filter((event) => wanted.some((other) => isRepeat(event, other, number.withinMs)));
    return { sum: 100 * repeats.length, of: new Set(within.map(({ patient }) => patient)).size };
  }
  return { sum: 0, of: 0 };
}

/** The number of a period; undefined where it rests on too few. */
export function numberOf({ fewest = 1 }: SeriesTemplate, { sum, of }: Measure): number | undefined {
  return of < fewest ? undefined : sum / of;
}

function isWanted(number: SeriesNumber, { activity, code }: MeasuredEvent): boolean {
  if (number.what === "records" || !number.activity.includes(activity)) return false;
  return number.code === undefined || (code?.codings.some((coding) => number.code?.includes(coding.code)) ?? false);
}

function isRepeat(event: MeasuredEvent, other: MeasuredEvent, withinMs: number): boolean {
  if (other === event || other.patient !== event.patient) return false;
  const before = event.at - other.at;
  return before > 0 && before <= withinMs && event.code !== undefined && other.code !== undefined && sameConcept(event.code, other.code);
}
