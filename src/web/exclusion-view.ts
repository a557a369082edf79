import type { Exclusion } from "../domain/exclusion.ts";

/** What would have excused it, told apart: it did, it did not, nobody can say. */
export interface ExclusionView {
  readonly text: string;
  readonly outcome: string;
}

const exclusionWords: Readonly<Record<string, string>> = {
  withdrawn: "The result was withdrawn before it was due",
  "newer-version": "A newer version took its place before it was due",
  "entered-in-error": "The record was entered in error, at any time",
  revoked: "The order was revoked before it was due",
  completed: "It was set to completed before it was due",
  cancelled: "It was cancelled before it was due",
  rejected: "The task was rejected before it was due",
  failed: "The task failed before it was due",
  died: "The patient died before it was due",
};

const outcomeWords: Readonly<Record<Exclusion["outcome"], string>> = {
  met: "Yes",
  "not-met": "No",
  "no-data": "No data: it may have happened, and does not excuse",
};

/** What a signal's file looks back for: `colonoscopy-in-five-years`. */
function inWords(name: string): string {
  const words = name.replaceAll("-", " ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

export function viewExclusions(exclusions: readonly Exclusion[]): ExclusionView[] {
  return exclusions.map(({ name, outcome }) => ({ text: exclusionWords[name] ?? inWords(name), outcome: outcomeWords[outcome] }));
}
