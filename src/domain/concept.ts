import type { Concept } from "./facts.ts";

/** Two codes are the same where they share any coding, else where their texts are equal. */
export function sameConcept(one: Concept, other: Concept): boolean {
  if (one.codings.some((coding) => other.codings.some((each) => each.code === coding.code && each.system === coding.system))) return true;
  const areCoded = one.codings.length > 0 && other.codings.length > 0;
  return !areCoded && one.text !== undefined && one.text === other.text;
}
