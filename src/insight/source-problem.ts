/** Something about a source, and what to do about it. Nothing of any patient. */
export interface SourceProblem {
  readonly code: string;
  /** `stops`: nothing can be read; `blinds`: something that signals need cannot be seen; `note`: reading copes, and it is worth knowing. */
  readonly weight: "stops" | "blinds" | "note";
  readonly says: string;
  readonly mend: string;
}

const weights = ["stops", "blinds", "note"];

/** What matters most first, else in the order in which it was found. */
export function byWeight(problems: readonly SourceProblem[]): SourceProblem[] {
  return [...problems].sort((a, b) => weights.indexOf(a.weight) - weights.indexOf(b.weight));
}
