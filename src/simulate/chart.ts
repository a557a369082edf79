import type { Dice } from "./dice.ts";
import type { Hospital, Team } from "./hospital.ts";
import type { Instant } from "./london-time.ts";
import { emptyPathway, type Pathway } from "./pathway.ts";
import type { Person } from "./staff.ts";

/** What the simulator knows of one patient: everything that was done, by whom and when. Records and truth are both told from it, apart. */
export interface Chart extends Pathway {
  readonly hospital: Hospital;
  readonly dice: Dice;
  readonly patient: Patient;
  readonly encounters: Encounter[];
  readonly orders: Order[];
  readonly results: Result[];
  readonly looks: Look[];
  readonly calls: Call[];
  readonly actions: Action[];
  readonly tasks: Task[];
}

export function emptyChart(hospital: Hospital, dice: Dice, patient: Patient): Chart {
  return {
    hospital,
    dice,
    patient,
    encounters: [],
    orders: [],
    results: [],
    looks: [],
    calls: [],
    actions: [],
    tasks: [],
    ...emptyPathway(),
  };
}

export interface Patient {
  readonly key: string;
  readonly id: string;
  readonly nhsNumber: string;
  readonly family: string;
  readonly given: string;
  readonly gender: "female" | "male";
  /** `YYYY-MM-DD`. */
  readonly birthDate: string;
  readonly isChild: boolean;
  diedAt?: Instant;
}

export interface Encounter {
  readonly key: string;
  readonly class: "EMER" | "IMP" | "AMB";
  readonly team: Team;
  readonly from: Instant;
  to: Instant;
}

export type Priority = "stat" | "asap" | "urgent" | "routine";
export type OrderKind = "laboratory" | "imaging" | "referral" | "follow-up" | "procedure";

export interface Order {
  readonly key: string;
  readonly kind: OrderKind;
  readonly title: string;
  readonly code: Coding;
  readonly at: Instant;
  readonly priority: Priority;
  readonly by: Person;
  readonly encounter: Encounter | undefined;
  /** The result that led to it, where the order says so. */
  readonly because?: Result | undefined;
  /** The order that it takes the place of. */
  readonly replaces?: Order;
  /** By when it is meant to be done: the end of a day, or an instant. */
  readonly intended?: { readonly until: Instant; readonly as: "day" | "days" | "instant" };
  /** How its record ends, if it does. */
  ended?: { readonly at: Instant; readonly status: "completed" | "revoked" | "entered-in-error"; readonly by: Person };
}

export interface Coding {
  readonly system: string;
  readonly code: string;
  readonly display: string;
}

export type Level = "critical" | "abnormal" | "normal" | "not-said";

/** One value as it was at a time: a correction is a later one of the same reading. */
export interface ReadingValue {
  readonly at: Instant;
  readonly level: Level;
  readonly value?: number;
  readonly text?: string;
  readonly flag?: string;
}

export interface Reading {
  readonly key: string;
  readonly analyte: Analyte;
  readonly takenAt: Instant;
  /** In order of time. */
  readonly values: ReadingValue[];
}

export interface Analyte {
  readonly code: Coding;
  readonly unit?: string;
  /** The size of one step of the number shown: 0.1 for one decimal. */
  readonly step: number;
  readonly low?: number;
  readonly high?: number;
  /** Critical at or beyond, by signals.md; for those under 16 where that differs. */
  readonly criticalLow?: number;
  readonly criticalHigh?: number;
  readonly childLow?: number;
  readonly childHigh?: number;
  /** How far above its range it goes, where that is far. */
  readonly farthest?: number;
}

export interface ResultVersion {
  readonly at: Instant;
  readonly status: "preliminary" | "final" | "amended" | "corrected" | "cancelled" | "entered-in-error";
  readonly readings: readonly Reading[];
  readonly conclusion?: string;
  /** `AA`: what makes an imaging report critical. */
  readonly conclusionFlag?: string;
  /** It calls what it shows suspicious. */
  readonly isSuspicious?: boolean;
  /** Its `issued` is that of the version before: only the version's own time tells. */
  readonly keepsIssued?: boolean;
}

export interface Result {
  readonly key: string;
  readonly kind: "laboratory" | "imaging";
  readonly title: string;
  readonly code: Coding;
  readonly collectedAt: Instant;
  readonly order: Order | undefined;
  readonly encounter: Encounter | undefined;
  /** Whose the result is to deal with. */
  readonly team: Team;
  /** Who authorised it: never the one who acknowledges it. */
  readonly author: Person;
  /** It was there before us: somebody else authorised it. */
  readonly isGiven?: true;
  readonly versions: ResultVersion[];
  readonly acknowledgements: Acknowledgement[];
}

export interface Acknowledgement {
  readonly at: Instant;
  readonly by: Person;
  readonly via: "audit" | "task" | "provenance";
  /** The Task that was ticked off; its own record tells it. */
  readonly task?: Task;
}

/** What somebody opened. Reading the report or an Observation of it is of that result; a search is of all that had come. */
export interface Look {
  readonly at: Instant;
  readonly by: Person;
  readonly of: "report" | "observation" | "search" | "chart" | "other";
  readonly result?: Result;
  /** Refused by the EPR: evidence of nothing. */
  readonly failed?: boolean;
}

/** A telephone call about a result; one that nobody wrote down is in the truth's sentence, and in no record. */
interface Call {
  readonly key: string;
  readonly at: Instant;
  readonly by: Person;
  readonly result: Result;
  readonly isRecorded: boolean;
}

/** What was done beside orders, calls and Tasks: prescriptions, mostly. */
export interface Action {
  readonly key: string;
  readonly type: "MedicationRequest" | "Procedure" | "CarePlan";
  readonly title: string;
  readonly at: Instant;
  readonly by: Person;
  readonly encounter: Encounter | undefined;
  readonly because?: Result | undefined;
}

export type TaskEnd = "completed" | "rejected" | "failed" | "cancelled" | "entered-in-error";

export interface Task {
  readonly key: string;
  readonly title: string;
  readonly code: Coding | undefined;
  readonly at: Instant;
  readonly priority: Priority | undefined;
  readonly owner: Person;
  /** The EPR itself puts results into in-trays. */
  readonly requester: Person | "machine";
  readonly encounter: Encounter | undefined;
  /** The result that it asks to review, or that it does something about. */
  readonly about?: { readonly result: Result; readonly as: "review" | "action" };
  /** The order that it is to see to, and where its record names it. */
  readonly order?: { readonly order: Order; readonly in: "focus" | "basedOn" };
  /** When it is to be done by, as first said and as changed later, in order of time. */
  readonly dues: { readonly at: Instant; readonly due: Instant | undefined }[];
  /** To whom it was handed on, in order of time; the first owner is `owner`. */
  readonly handedOn: { readonly at: Instant; readonly to: Person }[];
  accepted?: Instant;
  ended?: { readonly at: Instant; readonly status: TaskEnd; readonly by: Person | "machine" };
}

/** The next key of a record of this patient. */
export function keyOf(chart: Chart, type: string, of: { readonly length: number }, letter: string): string {
  return `${type}/${chart.patient.id}-${letter}${of.length + 1}`;
}
