import type { Activity, Grade } from "./activity.ts";
import type { Calendar } from "./calendar/calendar.ts";
import type { Via } from "./care-event.ts";
import type { Coding } from "./facts.ts";
import type { Kind, Priority, Setting, Tier, Urgency } from "./verdict.ts";

/** A list of codes of terminologies, from a file of value sets or a site's own. */
export interface ValueSet {
  readonly id: string;
  readonly title: string;
  readonly codings: readonly Coding[];
}

/** A comparison with a value; the event's own is converted into the unit (UCUM). */
export interface ValueCondition {
  readonly comparator: "<" | "<=" | ">" | ">=";
  readonly value: number;
  readonly unit: string;
}

/** Conditions on the attributes of an event; every one named must hold, one of its values each. */
export interface Where {
  readonly urgency?: readonly Urgency[];
  readonly setting?: readonly Setting[];
  readonly priority?: readonly Priority[];
  readonly kind?: readonly Kind[];
  /** What it is, by its code. */
  readonly code?: readonly ValueSet[];
  /** A coded value. */
  readonly answer?: readonly ValueSet[];
  /** The coded conclusion of a report. */
  readonly conclusion?: readonly ValueSet[];
  /** Above or below its normal range, by flag or range. */
  readonly flag?: readonly ("high" | "low")[];
  /** Every one must hold. */
  readonly value?: readonly ValueCondition[];
  /** Of some component every one must hold. */
  readonly part?: readonly ValueCondition[];
  /** Whole years of the patient at the event, bounds included; an age that is not known excludes nobody. */
  readonly age?: { readonly from?: number; readonly to?: number };
}

/** What must have come before an opening, in the order given, each at or before the next and the opening. */
export interface Precondition {
  readonly activity: readonly Activity[];
  readonly where?: Where;
  readonly same: Join;
  /** Not sooner than so long before the opening, bounds included. */
  readonly withinMs?: number;
  /** It came before the first of these on the opening's record. */
  readonly beforeFirst?: readonly Activity[];
}

export interface OpeningClause {
  readonly activity: readonly Activity[];
  readonly where?: Where;
  readonly after?: readonly Precondition[];
}

/** What excuses: not opened where it happened at the opening or so long before. */
export interface LookBack {
  /** `colonoscopy-in-5-years`: as findings name it. */
  readonly name: string;
  readonly activity: readonly Activity[];
  readonly where?: Where;
  readonly same: Join;
  /** Absent: as far back as records are kept. */
  readonly withinMs?: number;
  /** Only before the opening, not at it. */
  readonly before?: true;
}

export interface ClosingClause {
  readonly activity: readonly Activity[];
  readonly where?: Where;
  /** By what it belongs to the opening; absent: the record. All of several. */
  readonly same?: readonly Join[];
  readonly via?: Via;
  readonly by: "person" | "anyone";
  readonly gradeAtLeast?: Grade;
  /** For a subject's first opening, evidence up to so long before it counts, as at the opening. */
  readonly earlyMs?: number;
  /** Evidence counts only from so long after the opening: a repeat is no second value of the same sample. */
  readonly notBeforeMs?: number;
  /** Evidence is only what differs from the last of its kind before it: another dose (or product) is prescribed, not the same again. */
  readonly changed?: "dose";
  /** Evidence counts however long before the opening it came, as at the opening. */
  readonly whenever?: true;
}

export interface CancellingClause {
  readonly activity: readonly Activity[];
  /** `patient`: any event on the patient as a whole, from any time before due. */
  readonly same: Join;
}

/** A row of the limit table; the first that matches counts. */
export interface Limit {
  readonly where?: Where;
  /** Exact elapsed time; absent where the record's own due date counts (the row matches only if it has one). */
  readonly withinMs?: number;
  /** Counted in working time instead. */
  readonly working?: WorkingTime;
  /** As written: `PT2H`; or `due` for the record's own. */
  readonly duration: string;
  readonly basis: string;
}

/** A limit in the working days or hours of a calendar. */
export interface WorkingTime {
  readonly amount: number;
  readonly unit: "days" | "hours";
  readonly calendar: Calendar;
}

/** When X happens to a subject, Y must follow within a limit (`design.md`, Loops). */
export interface LoopTemplate {
  readonly opens: readonly OpeningClause[];
  readonly closes: readonly ClosingClause[];
  readonly cancels: readonly CancellingClause[];
  readonly limits: readonly Limit[];
  /** Not opened where every critical value was told of before, within so long (`critical-uncommunicated`). */
  readonly unlessToldWithinMs?: number;
  readonly unless?: readonly LookBack[];
  /** `next`: each opening stands for itself, and what comes after the next one is due closes it no more (a dose). */
  readonly lapse?: "next";
  /** Due at so many times the limit; what comes after `lapse` times the limit closes nothing. */
  readonly grace?: { readonly due: number; readonly lapse: number };
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

/** What a definition is made from: its file, and what the configuration of a site changes of it. */
export interface SignalOrigin {
  /** Of the file alone: changed logic needs a new version there. */
  readonly baseHash: string;
  /** The file is the site's own, not the catalogue's. */
  readonly isOwn: boolean;
  /** What the site's configuration says otherwise, as people are told it. */
  readonly changes: readonly string[];
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
  /** Absent: it is as the catalogue has it. */
  readonly origin?: SignalOrigin;
}

interface Defined extends SignalHead {
  /** Hash of all that it judges by; set as it comes into force at a site. */
  readonly edition?: string;
}

export interface LoopSignal extends Defined {
  readonly loop: LoopTemplate;
  readonly sequence?: undefined;
}

export interface SequenceSignal extends Defined {
  readonly sequence: SequenceTemplate;
  readonly loop?: undefined;
}

/** A definition, as data, of a missed, delayed or incorrect step: by exactly one template. */
export type Signal = LoopSignal | SequenceSignal;
