import ucum from "@lhncbc/ucum-lhc";
import { codingsOf, objectOf, textOf, type Json } from "./json.ts";

interface LimitRow {
  readonly name: string;
  readonly codes: readonly string[];
  readonly unit: string;
  /** g/mol; phosphate is reported as phosphorus. */
  readonly molarMass?: number;
  readonly low?: number;
  readonly high?: number;
  readonly lowUnder16?: number;
  readonly highUnder16?: number;
}

/** `signals.md`, critical at or beyond (RCPath G158, 2017). */
const rows: readonly LimitRow[] = [
  { name: "potassium", codes: ["2823-3", "6298-4", "75940-7"], unit: "mmol/L", molarMass: 39.098, low: 2.5, high: 6.5 },
  { name: "sodium", codes: ["2951-2", "2947-0"], unit: "mmol/L", molarMass: 22.99, low: 120, high: 160, lowUnder16: 130 },
  { name: "glucose", codes: ["15074-8", "14749-6", "14743-9"], unit: "mmol/L", molarMass: 180.156, low: 2.5, high: 25, highUnder16: 15 },
  { name: "adjusted calcium", codes: ["29265-6", "18281-6"], unit: "mmol/L", molarMass: 40.078, low: 1.8, high: 3.5 },
  { name: "magnesium", codes: ["2601-3"], unit: "mmol/L", molarMass: 24.305, low: 0.4 },
  { name: "phosphate", codes: ["14879-1"], unit: "mmol/L", molarMass: 30.974, low: 0.3 },
  { name: "urea", codes: ["22664-7"], unit: "mmol/L", molarMass: 60.056, high: 30, highUnder16: 10 },
  { name: "creatinine", codes: ["14682-9"], unit: "umol/L", molarMass: 113.12, high: 354, highUnder16: 200 },
  { name: "CK", codes: ["2157-6"], unit: "U/L", high: 5000 },
];

export interface Quantity {
  readonly value: number;
  readonly comparator: string | undefined;
  readonly unit: string | undefined;
}

export interface Beyond {
  readonly limit: string;
  readonly side: "low" | "high";
  readonly value: number;
}

export function readQuantity(value: unknown): Quantity | undefined {
  const quantity = objectOf(value);
  const number = typeof quantity["value"] === "number" ? quantity["value"] : Number(textOf(quantity["value"]) ?? NaN);
  if (!Number.isFinite(number)) return undefined;
  const [system, code, unit] = [textOf(quantity["system"]), textOf(quantity["code"]), textOf(quantity["unit"])];
  const coded = system === undefined || system === "http://unitsofmeasure.org" ? code : undefined;
  return { value: number, comparator: textOf(quantity["comparator"]), unit: coded ?? unit };
}

/** "Units are converted by UCUM with a library (mass to amount by the analyte's molar mass), or the value is not judged." */
export function convert(value: number, from: string | undefined, to: string, molarMass?: number): number | undefined {
  const spelled = from?.replaceAll(/[\u00b5\u03bc]/g, "u");
  if (spelled === undefined) return undefined;
  if (spelled === to) return value;
  const found = ucum.UcumLhcUtils.getInstance().convertUnitTo(
    spelled,
    value,
    to,
    molarMass === undefined ? {} : { molecularWeight: molarMass },
  );
  return found.status === "succeeded" && typeof found.toVal === "number" ? Number(found.toVal.toPrecision(10)) : undefined;
}

/** "A value at or beyond the site's critical-limit table (`<` against low limits and `>` against high ones read at the bound, else not judged)." */
export function beyondLimit(observation: Json, takesUnder16: boolean): Beyond | undefined {
  const quantity = readQuantity(observation["valueQuantity"]);
  const loinc = codingsOf(observation["code"])
    .filter((each) => each.system === "http://loinc.org")
    .map((each) => each.code);
  const row = rows.find((each) => each.codes.some((code) => loinc.includes(code)));
  if (quantity === undefined || row === undefined) return undefined;
  const value = convert(quantity.value, quantity.unit, row.unit, row.molarMass);
  if (value === undefined) return undefined;
  const low = takesUnder16 ? (row.lowUnder16 ?? row.low) : row.low;
  const high = takesUnder16 ? (row.highUnder16 ?? row.high) : row.high;
  const { comparator } = quantity;
  if (low !== undefined && value <= low && (comparator === undefined || comparator === "<" || comparator === "<=")) {
    return { limit: row.name, side: "low", value };
  }
  if (high !== undefined && value >= high && (comparator === undefined || comparator === ">" || comparator === ">=")) {
    return { limit: row.name, side: "high", value };
  }
  return undefined;
}
