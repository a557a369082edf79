import type { Activity, Grade } from "./activity.ts";
import type { DoseSegment } from "./dosage.ts";
import type { ActorKind, Concept } from "./facts.ts";
import type { Instant, Precision } from "./instant.ts";
import type { Kind, Priority, Setting, Urgency } from "./verdict.ts";

/** By which kind of record an event is said: closing clauses may ask for one (`via: task`). */
export type Via = "report" | "order" | "task" | "audit" | "provenance" | "communication" | "act" | "patient";

/** A value at or beyond the critical-limit table: which row and side, and how far, in the row's own unit. */
export interface CriticalReading {
  readonly code: Concept;
  readonly limit: string;
  readonly side: "low" | "high";
  readonly value: number;
}

/** What opening events of results carry beside the common fields. */
export interface ResultDetail {
  /** The urgencies an Observation that is named but not held could give; absent where none is missing or none would matter. */
  readonly possible?: readonly Urgency[];
  /** What makes it critical by value; `flagged` where something is critical by a flag (or conclusion code) alone. */
  readonly critical?: readonly CriticalReading[];
  readonly flagged?: true;
  /** Keys of performers and interpreters of any version: the laboratory's own, whose verification acknowledges nothing. */
  readonly performers?: readonly string[];
  /** Keys of the requesters of its orders: never the laboratory's own. */
  readonly requesters?: readonly string[];
  /** Keys of the orders it answers. */
  readonly answers?: readonly string[];
}

/** What an observation says beside its number. */
export interface Observed {
  readonly comparator?: "<" | "<=" | ">" | ">=";
  readonly flag?: "high" | "low";
  /** The numbers of its components. */
  readonly parts?: readonly { readonly value: number; readonly unit?: string }[];
  readonly answer?: Concept;
  /** It carries no value: `missing` where one is due; `not-due` where its members carry them, or it is not final yet. */
  readonly valueless?: "missing" | "not-due";
}

/**
 * One thing that happened, placed. Keys (`subject`, `saying`, `actor`, …) are opaque identity strings: canonical
 * names where events are made, hashes where they come from the database.
 */
export interface CareEvent {
  readonly id: string;
  readonly activity: Activity;
  readonly at: Instant;
  /** End of the stated period of a date-only time; else equal to `at`. */
  readonly end: Instant;
  /** `upper-bound`: it happened at `at` or before. */
  readonly precision: Precision | "upper-bound";
  readonly subject: string;
  /** False where the subject has not been read. */
  readonly subjectRead: boolean;
  readonly saying: string;
  /** Whose it is, where events of many patients are looked at; absent where nothing says. */
  readonly patient?: string;
  readonly actor?: string;
  readonly actorKind: ActorKind;
  /** Whether a clause `by: person` takes it. */
  readonly byPerson: boolean;
  readonly grade: Grade;
  readonly via: Via;
  readonly category?: string;
  readonly code?: Concept;
  readonly value?: number;
  readonly unit?: string;
  readonly order?: string;
  readonly encounter?: string;
  readonly urgency?: Urgency;
  readonly priority?: Priority;
  readonly setting?: Setting;
  readonly team?: string;
  readonly kind?: Kind;
  /** The instant at which something is due; a date at the midnight that ends it. */
  readonly due?: Instant;
  /** As a clinician would read it: `Potassium 7.1 mmol/L`. */
  readonly title?: string;
  /** Set on what opens loops where the record is entered in error or deleted. */
  readonly voided?: true;
  readonly result?: ResultDetail;
  /** Of an observation: what its value and components say beside the number. */
  readonly observed?: Observed;
  /** Coded conclusions of a report; of an observation its interpretation, where that is a concept and no flag. */
  readonly conclusions?: readonly Concept[];
  /** Whole years of the patient at the event; absent where nothing says it. */
  readonly age?: number;
  /** Of a prescription: what tells one way of taking it from another (`OrderFacts.doseHash`). */
  readonly dose?: string;
  /** Of `dose.due`, as it is kept: when doses are due, which detection unfolds into one event each. */
  readonly schedule?: readonly DoseSegment[];
  /** Of an unfolded dose: when the doses before and after it are due. */
  readonly previous?: Instant;
  /** And since when the order has said so: its end may have been missed from then on. */
  readonly saidSince?: Instant;
  readonly next?: Instant;
  /** Keys of the orders that an order follows up or replaces. */
  readonly follows?: readonly string[];
  /** When a look began, where that is another time than `at`. */
  readonly startedAt?: Instant;
  /** Place of the saying version among those held: orders events at one instant. */
  readonly sequence?: number;
}
