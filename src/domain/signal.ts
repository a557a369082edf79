import type { Activity, Grade } from "./activity.ts";
import type { Via } from "./care-event.ts";
import type { Kind, Priority, Setting, Tier, Urgency } from "./verdict.ts";

/** Conditions on the attributes of an event; every one named must hold, one of its values each. */
export interface Where {
  readonly urgency?: readonly Urgency[];
  readonly setting?: readonly Setting[];
  readonly priority?: readonly Priority[];
  readonly kind?: readonly Kind[];
}

export interface OpeningClause {
  readonly activity: readonly Activity[];
  readonly where?: Where;
}

export interface ClosingClause {
  readonly activity: readonly Activity[];
  readonly via?: Via;
  readonly by: "person" | "anyone";
  readonly gradeAtLeast?: Grade;
  /** For a subject's first opening, evidence up to so long before it counts, as at the opening. */
  readonly earlyMs?: number;
  /** Evidence counts however long before the opening it came, as at the opening. */
  readonly whenever?: true;
}

export interface CancellingClause {
  readonly activity: readonly Activity[];
  /** `patient`: any event on the patient as a whole, from any time before due. */
  readonly same: "subject" | "patient";
}

/** A row of the limit table; the first that matches counts. */
export interface Limit {
  readonly where?: Where;
  /** Exact elapsed time; absent where the record's own due date counts (the row matches only if it has one). */
  readonly withinMs?: number;
  /** As written: `PT2H`; or `due` for the record's own. */
  readonly duration: string;
  readonly basis: string;
}

/** When X happens to a subject, Y must follow within a limit (`design.md`, Loops). */
export interface LoopTemplate {
  readonly opens: readonly OpeningClause[];
  readonly closes: readonly ClosingClause[];
  readonly cancels: readonly CancellingClause[];
  readonly limits: readonly Limit[];
  /** Not opened where every critical value was told of before, within so long (`critical-uncommunicated`). */
  readonly unlessToldWithinMs?: number;
}

/** By what two events belong together. */
export type Join = "subject" | "actor" | "patient" | "code" | "order" | "encounter";

/** One step of a sequence; joined with the first one. */
export interface SequenceStep {
  readonly activity: readonly Activity[];
  readonly where?: Where;
  readonly by: "person" | "anyone";
  readonly same: readonly Join[];
  readonly different: readonly Join[];
  /** Since the step before, bounds included; absent of the first step. */
  readonly withinMs?: number;
}

/** What should have come before the first step, and did not. */
export interface Without {
  readonly activity: readonly Activity[];
  readonly gradeAtLeast: Grade;
  readonly by: "person" | "anyone";
  readonly same: readonly Join[];
  /** Looked for from the latest of these on the same record on. */
  readonly since: readonly Activity[];
}

/** A, then B, then C: something happened that should not have (`design.md`, Two more templates). */
export interface SequenceTemplate {
  readonly steps: readonly SequenceStep[];
  /** From the first step to the last, bounds included. */
  readonly withinMs?: number;
  readonly without?: Without;
}

interface SignalReference {
  readonly title: string;
  readonly reviewBy: string;
}

/** What every signal says of itself, whatever its template. */
export interface SignalHead {
  readonly id: string;
  readonly version: number;
  readonly tier: Tier;
  readonly severity: "high" | "medium" | "low";
  readonly title: string;
  /** What a clinician would say it means. */
  readonly means: string;
  readonly oftenHarmless: readonly string[];
  readonly nextSteps: readonly string[];
  readonly references: readonly SignalReference[];
  readonly hazards: readonly string[];
}

export interface LoopSignal extends SignalHead {
  readonly loop: LoopTemplate;
  readonly sequence?: undefined;
}

export interface SequenceSignal extends SignalHead {
  readonly sequence: SequenceTemplate;
  readonly loop?: undefined;
}

/** A definition, as data, of a missed, delayed or incorrect step: by exactly one template. */
export type Signal = LoopSignal | SequenceSignal;
