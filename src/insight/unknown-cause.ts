import { unite } from "../domain/interval.ts";
import { showIntervals } from "../domain/show-times.ts";
import type { UnknownLine } from "../domain/unknown.ts";

/** What nobody can judge for one cause, over all signals. */
export interface UnknownCause {
  readonly site: string;
  readonly count: number;
  readonly signals: readonly string[];
  readonly because: string;
  readonly settledBy: string;
}

/** Lines are remembered (`listUnknowns`), so that every page is given the same ones. */
const causesOf = new WeakMap<readonly UnknownLine[], readonly UnknownCause[]>();

/** One a cause, in the order of the lines. */
export function listUnknownCauses(lines: readonly UnknownLine[]): readonly UnknownCause[] {
  const held = causesOf.get(lines) ?? groupByCause(lines);
  causesOf.set(lines, held);
  return held;
}

function groupByCause(lines: readonly UnknownLine[]): UnknownCause[] {
  const causes = Map.groupBy(lines, ({ site, reason, gap }) => JSON.stringify([site, reason, gap?.types, gap?.why]));
  return [...causes.values()].flatMap((alike) => {
    const [first] = alike;
    if (!first) return [];
    return [
      {
        site: first.site,
        count: alike.reduce((sum, line) => sum + line.count, 0),
        signals: [...new Set(alike.map(({ signal }) => signal))].sort(),
        because: becauseOf(first, alike),
        settledBy: first.settledBy,
      },
    ];
  });
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
