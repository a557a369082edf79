import type { Analyte } from "./chart.ts";

const LOINC = "http://loinc.org";

type Bounds = Omit<Analyte, "code" | "unit" | "step">;

function analyte(code: string, display: string, unit: string, step: number, bounds: Bounds): Analyte {
  return { code: { system: LOINC, code, display }, unit, step, ...bounds };
}

/** Adult ranges as laboratories print them (our choice within what is usual); critical limits by signals.md, section 1. */
export const analytes = {
  potassium: analyte("2823-3", "Potassium", "mmol/L", 0.1, { low: 3.5, high: 5.3, criticalLow: 2.5, criticalHigh: 6.5 }),
  sodium: analyte("2951-2", "Sodium", "mmol/L", 1, { low: 133, high: 146, criticalLow: 120, criticalHigh: 160, childLow: 130 }),
  urea: analyte("22664-7", "Urea", "mmol/L", 0.1, { low: 2.5, high: 7.8, criticalHigh: 30, childHigh: 10 }),
  creatinine: analyte("14682-9", "Creatinine", "umol/L", 1, { low: 59, high: 104, criticalHigh: 354, childHigh: 200 }),
  glucose: analyte("14749-6", "Glucose", "mmol/L", 0.1, { low: 3.9, high: 7.8, criticalLow: 2.5, criticalHigh: 25, childHigh: 15 }),
  calcium: analyte("29265-6", "Adjusted calcium", "mmol/L", 0.01, { low: 2.2, high: 2.6, criticalLow: 1.8, criticalHigh: 3.5 }),
  magnesium: analyte("2601-3", "Magnesium", "mmol/L", 0.01, { low: 0.7, high: 1, criticalLow: 0.4 }),
  phosphate: analyte("14879-1", "Phosphate", "mmol/L", 0.01, { low: 0.8, high: 1.5, criticalLow: 0.3 }),
  ck: analyte("2157-6", "Creatine kinase", "U/L", 1, { low: 40, high: 320, criticalHigh: 5_000 }),
  haemoglobin: analyte("718-7", "Haemoglobin", "g/L", 1, { low: 115, high: 165 }),
  mcv: analyte("787-2", "MCV", "fL", 1, { low: 80, high: 100 }),
  whiteCells: analyte("6690-2", "White cells", "10*9/L", 0.1, { low: 4, high: 11 }),
  platelets: analyte("777-3", "Platelets", "10*9/L", 1, { low: 150, high: 400 }),
  crp: analyte("1988-5", "C-reactive protein", "mg/L", 1, { high: 5 }),
  alt: analyte("1742-6", "Alanine aminotransferase", "U/L", 1, { low: 10, high: 40 }),
  bilirubin: analyte("14631-6", "Bilirubin", "umol/L", 1, { high: 21 }),
  troponin: analyte("67151-1", "High-sensitivity troponin T", "ng/L", 1, { high: 14 }),
  inr: analyte("6301-6", "INR", "{INR}", 0.1, { low: 0.8, high: 1.2 }),
  tsh: analyte("3016-3", "TSH", "m[IU]/L", 0.1, { low: 0.3, high: 4.2 }),
  faecalHaemoglobin: analyte("58453-2", "Faecal haemoglobin", "ug/g", 1, { high: 10, farthest: 300 }),
  ferritin: analyte("2276-4", "Ferritin", "ug/L", 1, { low: 15, high: 300 }),
  urineCells: analyte("13945-1", "Red cells in urine", "/[HPF]", 1, { high: 5, farthest: 120 }),
  alphaFetoprotein: analyte("1834-1", "Alpha-fetoprotein", "ug/L", 1, { high: 7, farthest: 400 }),
  culture: { code: { system: LOINC, code: "600-7", display: "Blood culture" }, step: 1 },
  urineCulture: { code: { system: LOINC, code: "630-4", display: "Urine culture" }, step: 1 },
  impression: { code: { system: LOINC, code: "19005-8", display: "Radiology impression" }, step: 1 },
} satisfies Record<string, Analyte>;

/** Where a value is critical for this person; a child's own limit where there is one. */
export function criticalLimits(of: Analyte, isChild: boolean): { readonly low?: number | undefined; readonly high?: number | undefined } {
  return {
    low: isChild ? (of.childLow ?? of.criticalLow) : of.criticalLow,
    high: isChild ? (of.childHigh ?? of.criticalHigh) : of.criticalHigh,
  };
}
