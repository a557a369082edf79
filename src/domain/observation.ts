import type { Concept, Ref } from "./facts.ts";
import type { StatedTime } from "./instant.ts";

export interface Quantity {
  readonly value: number;
  readonly comparator?: "<" | "<=" | ">" | ">=";
  /** UCUM code, else the unit as written. */
  readonly unit?: string;
}

export interface ReferenceRange {
  readonly low?: Quantity;
  readonly high?: Quantity;
}

/** One coded value of an Observation: its own, or a component's. */
export interface Reading {
  readonly code: Concept;
  readonly value?: Quantity;
  /** Interpretation codes as written (`HH`, `N` …), whatever their system. */
  readonly interpretations: readonly string[];
  /** Normal ranges only (type absent or `normal`). */
  readonly ranges: readonly ReferenceRange[];
  /** A coded value. */
  readonly answer?: Concept;
  /** Interpretations that are concepts of SNOMED CT, not flags: `Suspected lung cancer`. */
  readonly conclusions?: readonly Concept[];
  /** The value as a person would read it: `7.1 mmol/L`, `positive`. */
  readonly display?: string;
}

export interface ObservationContent {
  readonly status: string;
  readonly categories: readonly ("laboratory" | "imaging" | "procedure" | "vital-signs" | "survey" | "social-history" | "other")[];
  /** Its own reading first, then its components'. */
  readonly readings: readonly Reading[];
  readonly members: readonly Ref[];
  /** How many members are named by a display alone: Observations that nobody can read. */
  readonly namelessMembers?: number;
  readonly effective?: StatedTime;
  readonly issued?: StatedTime;
}
