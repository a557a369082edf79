import type { UnknownLine } from "../domain/unknown.ts";
import { listUnknownCauses } from "../insight/unknown-cause.ts";

/** What nobody can judge: a line a cause, over all signals, with its count and what would settle it. */
export function showUnknowns(lines: readonly UnknownLine[]): string[] {
  const causes = listUnknownCauses(lines).flatMap(({ site, count, signals, because, settledBy }) => [
    `  ${count} at ${site} (${signals.join(", ")}): ${because}.`,
    `      ${settledBy}`,
  ]);
  return causes.length === 0 ? [] : ["Unknown, and what would settle it:", ...causes];
}
