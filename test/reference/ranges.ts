import { convert, readQuantity, type Quantity } from "./critical-limits.ts";
import { codingsOf, listOf, objectOf, type Json } from "./json.ts";

type Place = "inside" | "outside" | "not-judged";

/** A value against "its own normal `referenceRange`"; several normal ranges must agree. */
export function placeInRange(observation: Json): Place {
  const quantity = readQuantity(observation["valueQuantity"]);
  if (quantity === undefined) return "not-judged";
  const places = listOf(observation["referenceRange"])
    .map(objectOf)
    .filter((range) => isNormalRange(range) && (range["low"] !== undefined || range["high"] !== undefined))
    .map((range) => placeIn(quantity, range));
  const [first, ...others] = places;
  return first !== undefined && others.every((each) => each === first) ? first : "not-judged";
}

function isNormalRange(range: Json): boolean {
  const codes = codingsOf(range["type"]).map((each) => each.code);
  return codes.length === 0 || codes.includes("normal");
}

/** "Against a range only where every value it may stand for is inside, or every one outside." Bounds are inside. */
function placeIn(quantity: Quantity, range: Json): Place {
  const low = boundOf(range["low"], quantity, -Infinity);
  const high = boundOf(range["high"], quantity, Infinity);
  if (low === undefined || high === undefined) return "not-judged";
  const { value } = quantity;
  switch (quantity.comparator) {
    case undefined:
      return value >= low && value <= high ? "inside" : "outside";
    case "<":
      return low === -Infinity && value <= high ? "inside" : value <= low ? "outside" : "not-judged";
    case "<=":
      return low === -Infinity && value <= high ? "inside" : value < low ? "outside" : "not-judged";
    case ">":
      return high === Infinity && value >= low ? "inside" : value >= high ? "outside" : "not-judged";
    case ">=":
      return high === Infinity && value >= low ? "inside" : value > high ? "outside" : "not-judged";
    default:
      return "not-judged";
  }
}

/** A bound in the value's own unit; one without a unit is in the value's. */
function boundOf(bound: unknown, quantity: Quantity, open: number): number | undefined {
  if (bound === undefined) return open;
  const read = readQuantity(bound);
  if (read === undefined) return undefined;
  if (read.unit === undefined || read.unit === quantity.unit) return read.value;
  return quantity.unit === undefined ? undefined : convert(read.value, read.unit, quantity.unit);
}
