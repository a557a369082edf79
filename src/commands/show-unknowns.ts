import { unite } from "../domain/interval.ts";
import type { UnknownLine } from "../domain/unknown.ts";
import { showIntervals } from "../domain/show-times.ts";

/** What nobody can judge: a line a cause, over all signals, with its count and what would settle it. */
export function showUnknowns(lines: readonly UnknownLine[]): string[] {
  const causes = Map.groupBy(lines, ({ site, reason, gap }) => JSON.stringify([site, reason, gap?.types, gap?.why]));
  if (causes.size === 0) return [];
  return ["Unknown, and what would settle it:", ...[...causes.values()].flatMap(showCause)];
}

function showCause(lines: readonly UnknownLine[]): string[] {
  const [first] = lines;
  if (!first) return [];
  const count = lines.reduce((sum, line) => sum + line.count, 0);
  const signals = [...new Set(lines.map(({ signal }) => signal))].sort().join(", ");
  return [`  ${count} at ${first.site} (${signals}): ${becauseOf(first, lines)}.`, `      ${first.settledBy}`];
}

function becauseOf({ reason, gap }: UnknownLine, lines: readonly UnknownLine[]): string {
  switch (reason) {
    case "gap": {
      const why = gap?.why.map((each) => each.replace("-", " ")).join(", ") ?? "";
      return `${gap?.types.join(", ") ?? "something"} not seen (${why}), ${showIntervals(unite(lines.flatMap((line) => line.gap ?? [])))}`;
    }
    case "never-seen":
      return "what would settle them was never recorded here in a form that we read";
    case "time-not-recorded":
      return "done, but nothing says whether in time";
    case "observation-not-brought":
      return "how urgent they are is in Observations that were not brought";
  }
}
