import type { Quantity, ReferenceRange } from "../domain/observation.ts";
import type { ResultValues } from "../store/result-values.ts";
import { showTime, type Sentence } from "./show-time.ts";

/** What a value is to be read against: its range, and what came later. */
export interface ValuesView {
  readonly range: string;
  readonly later: Sentence;
}

const mostShown = 3;

export function viewValues(values: ResultValues | undefined, timeZone: string): ValuesView | undefined {
  if (!values) return undefined;
  const last = values.later.slice(-mostShown);
  const left = values.later.length - last.length;
  const later = last.flatMap(({ at, reading }, index): Sentence => {
    return [`${index === 0 ? "" : "; "}${reading.display ?? ""} on `, showTime(at, timeZone)];
  });
  return {
    range: showRange(values.reading.ranges[0]),
    later: left > 0 ? [`${left} more, then `, ...later] : later,
  };
}

/** `3.5 to 5.3 mmol/L`; empty where the record states none. */
function showRange(range: ReferenceRange | undefined): string {
  const { low, high } = range ?? {};
  const unit = (quantity: Quantity): string => (quantity.unit === undefined || quantity.unit === "1" ? "" : ` ${quantity.unit}`);
  if (low && high) return `${low.value} to ${high.value}${unit(high)}`;
  if (low) return `${low.value}${unit(low)} or more`;
  return high ? `up to ${high.value}${unit(high)}` : "";
}
