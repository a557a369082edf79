import type { CareEvent, CriticalReading } from "../domain/care-event.ts";
import { sameConcept } from "../domain/concept.ts";
import type { Instant } from "../domain/instant.ts";

/** Another report's critical opening, and when it was communicated or acknowledged in time. */
export interface Told {
  readonly subject: string;
  readonly toldAt: Instant;
  readonly critical: readonly CriticalReading[];
}

/**
 * Whether every critical value of a result was told of before: for each, another report with the same observation, at
 * least as far beyond the same limit, told in time within the look-back. What is critical by a flag alone never is.
 */
export function wasToldBefore(opening: CareEvent, told: readonly Told[], withinMs: number): boolean {
  const critical = opening.result?.critical ?? [];
  if (opening.result?.flagged || critical.length === 0) return false;
  const before = told.filter(
    ({ subject, toldAt }) => subject !== opening.subject && toldAt >= opening.at - withinMs && toldAt < opening.at,
  );
  return critical.every((reading) => before.some((other) => other.critical.some((earlier) => coversReading(earlier, reading))));
}

function coversReading(earlier: CriticalReading, reading: CriticalReading): boolean {
  const isAsFar = reading.side === "high" ? earlier.value >= reading.value : earlier.value <= reading.value;
  return earlier.limit === reading.limit && earlier.side === reading.side && isAsFar && sameConcept(earlier.code, reading.code);
}
