import type { Coding, Concept } from "../domain/facts.ts";
import { lowerCase } from "./loose-json.ts";

/** Codes by their lower case; the systems in which each counts, or any. */
export type CodeSet = ReadonlyMap<string, "any" | ReadonlySet<string>>;

export interface CodeGroup {
  /** Absent: in any system. */
  readonly systems?: readonly string[];
  readonly codes: readonly string[];
}

export function buildCodeSet(groups: readonly CodeGroup[]): CodeSet {
  const set = new Map<string, "any" | Set<string>>();
  for (const { systems, codes } of groups) {
    for (const each of codes) {
      const code = each.toLowerCase();
      const known = set.get(code);
      if (systems === undefined || known === "any") set.set(code, "any");
      else set.set(code, new Set([...(known ?? []), ...systems]));
    }
  }
  return set;
}

function hasCoding(set: CodeSet, coding: Coding): boolean {
  const systems = set.get(lowerCase(coding.code));
  if (systems === undefined) return false;
  return systems === "any" || (coding.system !== undefined && systems.has(coding.system));
}

export function hasAnyCoding(set: CodeSet, codings: readonly Coding[]): boolean {
  for (const coding of codings) if (hasCoding(set, coding)) return true;
  return false;
}

/** By its codings; a concept of text alone counts as that code without a system. */
export function hasConcept(set: CodeSet, concept: Concept): boolean {
  if (concept.codings.length > 0) return hasAnyCoding(set, concept.codings);
  return concept.text !== undefined && hasCoding(set, { code: concept.text });
}
