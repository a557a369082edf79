import { analytes } from "./analytes.ts";
import type { Analyte, Coding, Level, OrderKind } from "./chart.ts";

/** What can be ordered, and what comes back of it. */
export interface Panel {
  readonly kind: Extract<OrderKind, "laboratory" | "imaging">;
  readonly title: string;
  readonly code: Coding;
  /** None: the report is text alone. */
  readonly analytes: readonly Analyte[];
  /** How often its worst value is so. */
  readonly levels: Readonly<Partial<Record<Level, number>>>;
  /** Hours from collection to report: the median, and the hour of a slow one (of which one in ten is slower). */
  readonly hours: { readonly usual: number; readonly slow: number };
  /** Hours to a preliminary report, where there is one. */
  readonly preliminaryAfter?: number;
}

const SNOMED = "http://snomed.info/sct";
const { potassium, sodium, urea, creatinine, glucose, calcium, magnesium, phosphate, ck, haemoglobin, mcv, whiteCells, platelets } =
  analytes;
const { faecalHaemoglobin, ferritin, urineCells, alphaFetoprotein } = analytes;
const { crp, alt, bilirubin, troponin, inr, tsh, culture, urineCulture, impression } = analytes;

function panel(kind: Panel["kind"], code: string, title: string, rest: Omit<Panel, "kind" | "code" | "title">): Panel {
  return { kind, title, code: { system: SNOMED, code, display: title }, ...rest };
}

const fast = { usual: 1.2, slow: 2.5 };

/** Shares of abnormal and critical are our assumption: docs/simulator.md. */
export const panels = {
  renal: panel("laboratory", "444164000", "Urea and electrolytes", {
    analytes: [potassium, sodium, urea, creatinine],
    levels: { normal: 52, abnormal: 45, critical: 3 },
    hours: fast,
  }),
  bone: panel("laboratory", "390962000", "Bone profile and magnesium", {
    analytes: [calcium, phosphate, magnesium],
    levels: { normal: 68, abnormal: 30, critical: 2 },
    hours: fast,
  }),
  bloodCount: panel("laboratory", "26604007", "Full blood count", {
    analytes: [haemoglobin, mcv, whiteCells, platelets],
    levels: { normal: 45, abnormal: 55 },
    hours: fast,
  }),
  crp: panel("laboratory", "55235003", "C-reactive protein", { analytes: [crp], levels: { normal: 30, abnormal: 70 }, hours: fast }),
  liver: panel("laboratory", "26958001", "Liver function tests", {
    analytes: [alt, bilirubin],
    levels: { normal: 65, abnormal: 35 },
    hours: fast,
  }),
  glucose: panel("laboratory", "36048009", "Plasma glucose", {
    analytes: [glucose],
    levels: { normal: 58, abnormal: 39, critical: 3 },
    hours: fast,
  }),
  troponin: panel("laboratory", "121870001", "Troponin", { analytes: [troponin], levels: { normal: 70, abnormal: 30 }, hours: fast }),
  clotting: panel("laboratory", "440685005", "INR", { analytes: [inr], levels: { normal: 70, abnormal: 27, critical: 3 }, hours: fast }),
  ck: panel("laboratory", "397798009", "Creatine kinase", {
    analytes: [ck],
    levels: { normal: 60, abnormal: 35, critical: 5 },
    hours: { usual: 3, slow: 8 },
  }),
  thyroid: panel("laboratory", "61167004", "Thyroid stimulating hormone", {
    analytes: [tsh],
    levels: { normal: 82, abnormal: 18 },
    hours: { usual: 20, slow: 40 },
  }),
  bloodCulture: panel("laboratory", "30088009", "Blood culture", {
    analytes: [culture],
    levels: { normal: 88, abnormal: 4, critical: 8 },
    hours: { usual: 60, slow: 110 },
    preliminaryAfter: 22,
  }),
  urineCulture: panel("laboratory", "401294003", "Urine culture", {
    analytes: [urineCulture],
    levels: { normal: 65, "not-said": 15, abnormal: 20 },
    hours: { usual: 44, slow: 80 },
  }),
  fit: panel("laboratory", "1049361000000101", "Faecal immunochemical test", {
    analytes: [faecalHaemoglobin],
    levels: { normal: 60, abnormal: 40 },
    hours: { usual: 30, slow: 70 },
  }),
  ferritin: panel("laboratory", "489004", "Ferritin", { analytes: [ferritin], levels: { normal: 85, abnormal: 15 }, hours: fast }),
  urineCells: panel("laboratory", "167217005", "Urine microscopy", {
    analytes: [urineCells],
    levels: { normal: 55, abnormal: 45 },
    hours: { usual: 5, slow: 20 },
  }),
  alphaFetoprotein: panel("laboratory", "104404005", "Alpha-fetoprotein", {
    analytes: [alphaFetoprotein],
    levels: { normal: 65, abnormal: 35 },
    hours: { usual: 20, slow: 40 },
  }),
  histology: panel("laboratory", "252416005", "Histopathology", {
    analytes: [],
    levels: { "not-said": 1 },
    hours: { usual: 190, slow: 400 },
  }),
  chestXray: panel("imaging", "399208008", "Chest X-ray", {
    analytes: [impression],
    levels: { normal: 20, abnormal: 25, "not-said": 54, critical: 1 },
    hours: { usual: 10, slow: 60 },
  }),
  ct: panel("imaging", "77477000", "CT scan", {
    analytes: [impression],
    levels: { normal: 12, abnormal: 33, "not-said": 52, critical: 3 },
    hours: { usual: 6, slow: 70 },
  }),
  chestCt: panel("imaging", "169069000", "CT of chest", {
    analytes: [impression],
    levels: { normal: 20, abnormal: 30, "not-said": 50 },
    hours: { usual: 8, slow: 50 },
  }),
  ultrasound: panel("imaging", "16310003", "Ultrasound scan", {
    analytes: [impression],
    levels: { normal: 30, abnormal: 25, "not-said": 45 },
    hours: { usual: 8, slow: 50 },
  }),
} satisfies Record<string, Panel>;

export type PanelName = keyof typeof panels;
