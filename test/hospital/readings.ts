import { concept } from "./references.ts";
import { draw, type Json, type Ward } from "./ward.ts";

export type Urgency = "critical" | "abnormal" | "normal" | "not-said";

/** One step beyond and one step short of every limit is one tenth, or one, as laboratories print it. */
interface Analyte {
  readonly loinc: string;
  readonly unit: string;
  readonly low?: number;
  readonly high?: number;
  readonly range: readonly [number, number];
  readonly step: number;
  /** Milligrams a decilitre for one of its own unit. */
  readonly perDecilitre?: number;
}

const analytes: Readonly<Record<string, Analyte>> = {
  potassium: { loinc: "2823-3", unit: "mmol/L", low: 2.5, high: 6.5, range: [3.5, 5.3], step: 0.1, perDecilitre: 3.90983 },
  sodium: { loinc: "2951-2", unit: "mmol/L", low: 120, high: 160, range: [133, 146], step: 1 },
  "sodium-in-a-child": { loinc: "2947-0", unit: "mmol/L", low: 130, high: 160, range: [133, 146], step: 1 },
  glucose: { loinc: "15074-8", unit: "mmol/L", low: 2.5, high: 25, range: [3.9, 7.8], step: 0.1, perDecilitre: 18.0156 },
  "glucose-in-a-child": { loinc: "14749-6", unit: "mmol/L", low: 2.5, high: 15, range: [3.9, 7.8], step: 0.1, perDecilitre: 18.0156 },
  creatinine: { loinc: "14682-9", unit: "umol/L", high: 354, range: [45, 84], step: 1, perDecilitre: 0.0113118 },
  magnesium: { loinc: "2601-3", unit: "mmol/L", low: 0.4, range: [0.7, 1], step: 0.1 },
  "without-a-limit": { loinc: "718-7", unit: "g/L", range: [115, 165], step: 1 },
};

export type AnalyteName = keyof typeof analytes;

const INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";

const round = (value: number): number => Number(value.toFixed(4));
const quantity = (value: number, unit: string, comparator?: string): Json => ({
  valueQuantity: { value: round(value), comparator, unit, system: "http://unitsofmeasure.org", code: unit },
});

const kinds = {
  "critical-flag": 5,
  "critical-value": 7,
  "critical-at-limit": 7,
  "short-of-critical": 5,
  "comparator-beyond": 3,
  "comparator-open": 3,
  "abnormal-flag": 6,
  "abnormal-range": 5,
  "normal-flag": 6,
  "normal-range": 5,
  "value-alone": 4,
  "other-unit-critical": 3,
  "other-unit-normal": 2,
  "unit-unknown": 2,
  "range-of-another-type": 2,
  text: 2,
  coded: 2,
  "no-value": 3,
  component: 4,
};

export interface Reading {
  readonly analyte: AnalyteName;
  readonly urgency: Urgency;
  readonly content: Json;
}

/** What an Observation says, and the urgency that its maker means by it (a hint for limits, never an oracle). */
export function drawReading(ward: Ward, given?: AnalyteName): Reading {
  const analyte = given ?? ward.dice.pick(Object.keys(analytes));
  const { loinc, unit, low, high, range, step, perDecilitre } = analytes[analyte] as Analyte;
  const kind = draw(ward, "reading", {
    ...kinds,
    "other-unit-critical": perDecilitre === undefined ? 0 : 3,
    "other-unit-normal": perDecilitre === undefined ? 0 : 2,
  });
  const usesHigh = high !== undefined && (low === undefined || ward.dice.chance(0.6));
  const limit = (usesHigh ? high : low) ?? range[1] * 2;
  const outwards = usesHigh || low === undefined ? step : -step;
  const referenceRange = [{ low: { value: range[0], unit }, high: { value: range[1], unit } }];
  const middle = (range[0] + range[1]) / 2;
  const flag = (from: readonly string[]): Json => ({ interpretation: [concept(INTERPRETATION, ward.dice.pick(from))] });
  const beyond = low === undefined && high === undefined ? "abnormal" : "critical";
  const said: Record<typeof kind, [Urgency, Json]> = {
    "critical-flag": ["critical", { ...quantity(middle, unit), ...flag(["AA", "HH", "LL"]) }],
    "critical-value": [beyond, { ...quantity(limit + outwards * ward.dice.int(1, 5), unit), referenceRange }],
    "critical-at-limit": [beyond, { ...quantity(limit, unit), referenceRange }],
    "short-of-critical": ["abnormal", { ...quantity(limit - outwards, unit), referenceRange }],
    "comparator-beyond": [beyond, { ...quantity(limit, unit, outwards > 0 ? ">" : "<"), referenceRange }],
    "comparator-open": ["abnormal", { ...quantity(limit, unit, outwards > 0 ? "<" : ">"), referenceRange }],
    "abnormal-flag": ["abnormal", { ...quantity(middle, unit), ...flag(["A", "H", "L", "POS", "HX", "R", "NCL", "DET", "H>"]) }],
    "abnormal-range": ["abnormal", { ...quantity(range[1] + step, unit), referenceRange }],
    "normal-flag": ["normal", { ...quantity(middle, unit), ...flag(["N", "NEG", "S", "ND"]) }],
    "normal-range": ["normal", { ...quantity(ward.dice.pick([range[0], range[1], middle]), unit), referenceRange }],
    "value-alone": ["not-said", quantity(middle, unit)],
    "other-unit-critical": [beyond, quantity((limit + outwards) * (perDecilitre ?? 1), "mg/dL")],
    "other-unit-normal": ["not-said", quantity(middle * (perDecilitre ?? 1), "mg/dL")],
    "unit-unknown": ["not-said", quantity(limit + outwards, "furlong")],
    "range-of-another-type": [
      "not-said",
      { ...quantity(middle, unit), referenceRange: [{ low: { value: range[1] * 3, unit }, type: { coding: [{ code: "therapeutic" }] } }] },
    ],
    text: ["not-said", { valueString: "haemolysed" }],
    coded: ["abnormal", { valueCodeableConcept: { text: "positive" }, ...flag(["POS"]) }],
    "no-value": ["not-said", { dataAbsentReason: { text: "error" } }],
    component: [beyond, { component: [{ code: concept("http://loinc.org", loinc), ...quantity(limit + outwards, unit), referenceRange }] }],
  };
  const [urgency, content] = said[kind];
  return { analyte, urgency, content: { code: concept("http://loinc.org", kind === "component" ? "51990-0" : loinc), ...content } };
}
