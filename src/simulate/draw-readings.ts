import { criticalLimits } from "./analytes.ts";
import { assumed } from "./assumptions.ts";
import type { Analyte, Chart, Level, Reading, ReadingValue } from "./chart.ts";
import { rollDice, type Dice } from "./dice.ts";
import type { Instant } from "./london-time.ts";
import type { Panel } from "./panels.ts";

/** The readings of one report whose worst is of this level, new records each. A text-only report has none. */
export function drawReadings(chart: Chart, panel: Panel, level: Level, takenAt: Instant, at: Instant, key: string): Reading[] {
  const { dice, patient } = chart;
  if (panel.kind === "imaging" && level === "not-said") return [];
  const able = panel.analytes.filter((each) => canBe(each, level, patient.isChild));
  const worst = able.length === 0 ? undefined : dice.pick(able);
  const readings = panel.analytes.map((analyte, place): Reading => {
    const own = analyte === worst ? level : level === "normal" || level === "not-said" || dice.chance(0.75) ? "normal" : "abnormal";
    return { key: `Observation/${key}-${place + 1}`, analyte, takenAt, values: [drawValue(dice, analyte, own, patient.isChild, at)] };
  });
  if (level === "abnormal") lackIron(chart, readings, at);
  return readings;
}

/** Who lacks iron has little haemoglobin, in small cells. */
function lackIron({ hospital, patient }: Chart, readings: readonly Reading[], at: Instant): void {
  if (!rollDice(hospital.options.seed, "iron", patient.id).chance(assumed.lacksIron.value)) return;
  const dice = rollDice(hospital.options.seed, "iron", patient.id, at);
  const drawn: Readonly<Record<string, number>> = { "718-7": dice.int(82, 112), "787-2": dice.int(66, 82) };
  for (const { analyte, values } of readings) {
    const value = drawn[analyte.code.code];
    if (value === undefined) continue;
    const isLow = value < (analyte.low ?? 0);
    values[0] = { at, level: isLow ? "abnormal" : "normal", value, flag: isLow ? "L" : "N" };
  }
}

function canBe(analyte: Analyte, level: Level, isChild: boolean): boolean {
  const limits = criticalLimits(analyte, isChild);
  return level !== "critical" || isFlagged(analyte) || limits.low !== undefined || limits.high !== undefined;
}

/** Critical by the laboratory's flag alone: signals.md has no limit for them. */
function isFlagged(analyte: Analyte): boolean {
  return analyte.unit === undefined || analyte.unit === "{INR}";
}

/** One value of this level, on the step that the analyte is reported in, with the flag that a laboratory would set. */
export function drawValue(dice: Dice, analyte: Analyte, level: Level, isChild: boolean, at: Instant): ReadingValue {
  if (analyte.unit === undefined) return drawText(analyte, level, at);
  const { low, high, step } = analyte;
  const limits = criticalLimits(analyte, isChild);
  const span = (high ?? low ?? 1) - (low ?? 0);
  const number = (least: number, most: number): number => {
    const [first, last] = [Math.ceil(least / step - 1e-9), Math.floor(most / step + 1e-9)];
    return Number((dice.int(first, Math.max(first, last)) * step).toFixed(2));
  };
  // Below where a low bound exists and the coin says so; a bound that leaves no room between range and limit has no abnormal side.
  const goesLow = (bound: number | undefined): boolean => bound !== undefined && dice.chance(0.4);
  if (level === "critical") {
    if (isFlagged(analyte)) return { at, level, value: number(6, 9), flag: "HH" };
    const below = limits.high === undefined || goesLow(limits.low);
    const value = below ? number((limits.low ?? 0) * 0.85, limits.low ?? 0) : number(limits.high ?? 0, (limits.high ?? 0) * 1.15);
    return { at, level, value, flag: dice.chance(0.6) ? (below ? "LL" : "HH") : below ? "L" : "H" };
  }
  if (level === "abnormal") {
    const below = low !== undefined && goesLow(low) && roomBelow(low, limits.low, step);
    const value = below
      ? number(Math.min(low - step, Math.max((limits.low ?? 0) + step, low * 0.75)), low - step)
      : number(
          (high ?? 0) + step,
          Math.min((limits.high ?? Infinity) - step, analyte.farthest ?? (high ?? 0) + Math.max(span * 0.6, 3 * step)),
        );
    return dice.chance(0.8) ? { at, level, value, flag: below ? "L" : "H" } : { at, level, value };
  }
  return dice.chance(0.5)
    ? { at, level: "normal", value: number(low ?? 0, high ?? 0), flag: "N" }
    : { at, level: "normal", value: number(low ?? 0, high ?? 0) };
}

function roomBelow(low: number, limit: number | undefined, step: number): boolean {
  return low - step > (limit ?? 0) + step;
}

const texts: Readonly<Record<string, Readonly<Record<Level, string>>>> = {
  "600-7": {
    critical: "Gram-negative rods seen in aerobic bottle",
    abnormal: "Coagulase-negative staphylococcus, probable contaminant",
    normal: "No growth",
    "not-said": "Mixed growth",
  },
  "630-4": {
    critical: "Heavy growth",
    abnormal: "Escherichia coli, more than 10^5 per mL",
    normal: "No significant growth",
    "not-said": "Mixed growth, please repeat",
  },
  "19005-8": {
    critical: "Tension pneumothorax",
    abnormal: "Consolidation of the right lower lobe",
    normal: "No abnormality seen",
    "not-said": "See report",
  },
};
const textFlags: Readonly<Record<Level, string | undefined>> = { critical: "AA", abnormal: "A", normal: "N", "not-said": undefined };

function drawText(analyte: Analyte, level: Level, at: Instant): ReadingValue {
  const flag = textFlags[level];
  const text = texts[analyte.code.code]?.[level] ?? "See report";
  return flag === undefined ? { at, level, text } : { at, level, text, flag };
}
