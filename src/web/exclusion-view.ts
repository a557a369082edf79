import type { Exclusion } from "../domain/exclusion.ts";

/** What would have excused it, told apart: it did, it did not, nobody can say. */
export interface ExclusionView {
  readonly text: string;
  readonly outcome: string;
}

const exclusionWords: Readonly<Record<string, string>> = {
  withdrawn: "The result was withdrawn",
  "newer-version": "A newer version of the result took its place",
  "entered-in-error": "The record was entered in error",
  revoked: "The order was revoked",
  completed: "It was set to completed",
  cancelled: "It was cancelled",
  rejected: "The task was rejected",
  failed: "The task failed",
  died: "The patient died",
};

const outcomeWords: Readonly<Record<Exclusion["outcome"], string>> = {
  met: "Yes",
  "not-met": "No",
  "no-data": "No data: it may have happened, and does not excuse",
};

export function viewExclusions(exclusions: readonly Exclusion[]): ExclusionView[] {
  return exclusions.map(({ name, outcome }) => ({ text: exclusionWords[name] ?? name, outcome: outcomeWords[outcome] }));
}
