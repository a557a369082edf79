import type { CriticalReading } from "../domain/care-event.ts";
import { convertValue } from "../domain/convert-value.ts";
import type { Reading } from "../domain/observation.ts";
import { placeInRanges } from "./quantity.ts";
import type { CriticalLimit, UrgencyRules } from "./urgency-rules.ts";

/** What one reading says by itself; `undefined`: nothing. */
export interface ReadingLevel {
  readonly level: "critical" | "abnormal" | "normal" | undefined;
  /** Where it is critical by value. */
  readonly beyond?: CriticalReading;
}

/** Critical by flag or by value at or beyond the limit; else abnormal by flag or range; else normal by flag or range. */
export function readLevel(reading: Reading, maybeChild: boolean, rules: UrgencyRules): ReadingLevel {
  const beyond = findCriticalLimit(reading, maybeChild, rules);
  if (beyond) return { level: "critical", beyond };
  const flags = reading.interpretations;
  if (flags.some((flag) => rules.critical.has(flag))) return { level: "critical" };
  const place = reading.value && placeInRanges(reading.value, reading.ranges);
  if (place === "outside" || flags.some((flag) => rules.abnormal.has(flag))) return { level: "abnormal" };
  return { level: place === "inside" || flags.some((flag) => rules.normal.has(flag)) ? "normal" : undefined };
}

/** `<` is read at its bound against low limits, `>` against high ones; else such a value is not judged. */
function findCriticalLimit(reading: Reading, maybeChild: boolean, rules: UrgencyRules): CriticalReading | undefined {
  const { value: quantity, code } = reading;
  if (!quantity) return undefined;
  for (const limit of rules.limits) {
    if (!code.codings.some((coding) => isLoinc(coding.system) && limit.loinc.includes(coding.code))) continue;
    const value = convertValue(quantity.value, quantity.unit, limit.unit, limit);
    if (value === undefined) continue;
    const side = sideBeyond(value, quantity.comparator, limit, maybeChild);
    if (side) return { code, limit: limit.name, side, value };
  }
  return undefined;
}

function sideBeyond(value: number, comparator: string | undefined, limit: CriticalLimit, maybeChild: boolean): "low" | "high" | undefined {
  const low = maybeChild ? (limit.childLow ?? limit.low) : limit.low;
  const high = maybeChild ? (limit.childHigh ?? limit.high) : limit.high;
  if (low !== undefined && value <= low && !comparator?.startsWith(">")) return "low";
  if (high !== undefined && value >= high && !comparator?.startsWith("<")) return "high";
  return undefined;
}

function isLoinc(system: string | undefined): boolean {
  return system === undefined || system === "http://loinc.org" || system === "urn:oid:2.16.840.1.113883.6.1";
}
