import { convertValue } from "../domain/convert-value.ts";
import type { Quantity, ReferenceRange } from "../domain/observation.ts";

/** The interval of values that a quantity may stand for: `< 2.5` is everything below. */
interface Spread {
  readonly low: number;
  readonly lowOpen: boolean;
  readonly high: number;
  readonly highOpen: boolean;
}

function spreadOf(quantity: Quantity): Spread {
  const { value, comparator } = quantity;
  if (comparator === "<" || comparator === "<=") return { low: -Infinity, lowOpen: true, high: value, highOpen: comparator === "<" };
  if (comparator === ">" || comparator === ">=") return { low: value, lowOpen: comparator === ">", high: Infinity, highOpen: true };
  return { low: value, lowOpen: false, high: value, highOpen: false };
}

/**
 * Where a value lies against normal ranges: `inside` where every value it may stand for is inside one of them, `outside`
 * where every one is outside all; else nothing is said.
 */
export function placeInRanges(quantity: Quantity, ranges: readonly ReferenceRange[]): "inside" | "outside" | undefined {
  const spread = spreadOf(quantity);
  const places = ranges.map((range) => placeInRange(spread, quantity.unit, range));
  if (places.length === 0) return undefined;
  if (places.includes("inside")) return "inside";
  return places.every((place) => place === "outside") ? "outside" : undefined;
}

function placeInRange(spread: Spread, unit: string | undefined, range: ReferenceRange): "inside" | "outside" | undefined {
  const low = boundIn(unit, range.low);
  const high = boundIn(unit, range.high);
  if ((range.low && low === undefined) || (range.high && high === undefined) || (low === undefined && high === undefined)) return undefined;
  if (low !== undefined && (spread.high < low || (spread.high === low && spread.highOpen))) return "outside";
  if (high !== undefined && (spread.low > high || (spread.low === high && spread.lowOpen))) return "outside";
  const insideLow = low === undefined || spread.low >= low;
  const insideHigh = high === undefined || spread.high <= high;
  return insideLow && insideHigh ? "inside" : undefined;
}

/** A range's bound in the unit of the value; a bound without a unit is in the value's own. */
function boundIn(unit: string | undefined, bound: Quantity | undefined): number | undefined {
  return bound && (bound.unit === undefined ? bound.value : convertValue(bound.value, bound.unit, unit));
}

/** On which side of its normal ranges a value lies as a whole; undefined inside them, or where it cannot be told. */
export function sideOfRanges(quantity: Quantity, ranges: readonly ReferenceRange[]): "high" | "low" | undefined {
  if (placeInRanges(quantity, ranges) !== "outside") return undefined;
  const above = ranges.some(({ high }) => high !== undefined && isAbove(quantity, high));
  return above ? "high" : "low";
}

function isAbove(quantity: Quantity, high: Quantity): boolean {
  const bound = boundIn(quantity.unit, high);
  return bound !== undefined && spreadOf(quantity).low >= bound;
}
