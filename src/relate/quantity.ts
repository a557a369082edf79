import { UcumLhcUtils } from "@lhncbc/ucum-lhc";
import type { Quantity, ReferenceRange } from "../domain/observation.ts";

const ucum = UcumLhcUtils.getInstance();
const converted = new Map<string, ((value: number) => number) | undefined>();

/** A quantity's number in another UCUM unit; undefined where it cannot be converted. Mass to amount by the molar mass (g/mol). */
export function convertValue(value: number, from: string | undefined, to: string | undefined, molarMass?: number): number | undefined {
  if (from === to) return value;
  if (from === undefined || to === undefined) return undefined;
  const name = `${from}\n${to}\n${String(molarMass ?? "")}`;
  if (!converted.has(name)) converted.set(name, findConversion(from, to, molarMass));
  return converted.get(name)?.(value);
}

/** Units of results convert by a factor (none here has an offset), so one conversion of 1 tells them all. */
function findConversion(from: string, to: string, molarMass?: number): ((value: number) => number) | undefined {
  const one = ucum.convertUnitTo(plain(from), 1, plain(to), {
    suggest: false,
    ...(molarMass === undefined ? {} : { molecularWeight: molarMass }),
  });
  if (one.status !== "succeeded" || one.toVal === null) return undefined;
  const factor = one.toVal;
  // Twelve digits: what a factor adds beyond them is noise, and a value exactly at a limit must stay there.
  return (value) => Number((value * factor).toPrecision(12));
}

/** Units as laboratories write them where UCUM writes otherwise. */
function plain(unit: string): string {
  return unit
    .replace(/µ|μ/g, "u")
    .replace(
      /^(mmol|umol|nmol|pmol|mg|g|ug|ng|U|IU|mU)\/([lL]|dl|dL|ml|mL)$/,
      (_, amount: string, volume: string) => `${amount.replace(/^IU$/, "[IU]")}/${volume.replace("l", "L")}`,
    );
}

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
