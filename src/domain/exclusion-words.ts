import type { Exclusion } from "./exclusion.ts";

const nouns: Readonly<Record<string, string>> = {
  withdrawn: "a withdrawal",
  "newer-version": "a newer version",
  "entered-in-error": "an entry in error",
  revoked: "the order being revoked",
  completed: "its being set to completed",
  cancelled: "a cancellation",
  rejected: "a rejection",
  failed: "a failure",
  died: "a death",
  age: "another age",
};

/** Excuses, as a finding's sentence names them: `not excused, as far as is recorded, by …`, `no data says whether …`. */
export function sayExclusions(exclusions: readonly Exclusion[]): string[] {
  const named = (outcome: Exclusion["outcome"]): string =>
    exclusions
      .filter((each) => each.outcome === outcome)
      .map(({ name }) => nouns[name] ?? name.replaceAll("-", " "))
      .join(", ");
  const [met, notMet, noData] = [named("met"), named("not-met"), named("no-data")];
  return [
    ...(met === "" ? [] : [`excused by ${met}`]),
    ...(notMet === "" ? [] : [`${met === "" ? "" : "else "}not excused, as far as is recorded, by ${notMet}`]),
    ...(noData === "" ? [] : [`no data says whether it was excused by ${noData}`]),
  ];
}
