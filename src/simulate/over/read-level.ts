import { analytes, criticalLimits } from "../analytes.ts";
import type { Analyte, Level, ReadingValue } from "../chart.ts";
import type { Instant } from "../london-time.ts";
import { codesOf, type GivenRecord } from "./given-record.ts";

const critical = ["AA", "HH", "LL"];
const abnormal = "A H L HU LU H> L< HX LX POS DET R RR WR I NCL NS SDD SYN-R W".split(" ");
const normal = "N NEG ND NR S EXP".split(" ");
const byCode = new Map<string, Analyte>(Object.values(analytes).map((analyte) => [analyte.code.code, analyte]));
/** Further LOINC codes of the same analytes in the table of critical limits. */
const alike: Readonly<Record<string, Analyte>> = {
  "6298-4": analytes.potassium,
  "75940-7": analytes.potassium,
  "2947-0": analytes.sodium,
  "15074-8": analytes.glucose,
  "14743-9": analytes.glucose,
  "18281-6": analytes.calcium,
};

export function analyteOf({ code }: GivenRecord): Analyte {
  for (const each of codesOf(code && [code])) {
    const known = byCode.get(each) ?? alike[each];
    // One reading is told from another by its own code: the limits are the analyte's.
    if (known !== undefined) return { ...known, code: { ...known.code, code: each } };
  }
  return { code: { system: "", code: codesOf(code && [code])[0] ?? "", display: code?.text ?? "" }, step: 1 };
}

/** How urgent a given Observation is, by signals.md: its flag, the critical limits, its own range; else it does not say. */
export function readValue(observation: GivenRecord, at: Instant, isChild: boolean): ReadingValue {
  const value = observation.valueQuantity?.value;
  const level = levelOf(observation, analyteOf(observation), value, isChild);
  return value === undefined ? { at, level } : { at, level, value };
}

function levelOf(observation: GivenRecord, analyte: Analyte, value: number | undefined, isChild: boolean): Level {
  const flags = codesOf(observation.interpretation);
  if (flags.some((flag) => critical.includes(flag)) || isBeyond(observation, analyte, value, isChild)) return "critical";
  const range = observation.referenceRange?.[0];
  const { low, high } = { low: range?.low?.value, high: range?.high?.value };
  const isOutside = value !== undefined && ((low !== undefined && value < low) || (high !== undefined && value > high));
  if (isOutside || flags.some((flag) => abnormal.includes(flag))) return "abnormal";
  const isInside = value !== undefined && (low !== undefined || high !== undefined);
  return isInside || flags.some((flag) => normal.includes(flag)) ? "normal" : "not-said";
}

/** Only where the unit is the table's own: what needs converting is left unsaid here, and such reports untouched (see readGiven). */
function isBeyond({ valueQuantity }: GivenRecord, analyte: Analyte, value: number | undefined, isChild: boolean): boolean {
  if (value === undefined || (valueQuantity?.code ?? valueQuantity?.unit) !== analyte.unit) return false;
  const { low, high } = criticalLimits(analyte, isChild);
  return (low !== undefined && value <= low) || (high !== undefined && value >= high);
}

/** A value with a critical limit in another unit than the table's: nothing here converts it. */
export function needsConverting(observation: GivenRecord, isChild: boolean): boolean {
  const analyte = analyteOf(observation);
  const { low, high } = criticalLimits(analyte, isChild);
  const unit = observation.valueQuantity?.code ?? observation.valueQuantity?.unit;
  return (low !== undefined || high !== undefined) && unit !== undefined && unit !== analyte.unit;
}
