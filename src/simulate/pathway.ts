import type { Analyte, Coding, Encounter, Order, Result } from "./chart.ts";
import type { conditionCodes, medicineCodes, procedureCodes } from "./pathway-codes.ts";
import type { Instant } from "./london-time.ts";
import type { Person } from "./staff.ts";

/** What happens to a patient beside results, calls and Tasks: visits that are booked, letters, studies, scores, and what they had before. */
export interface Pathway {
  readonly appointments: Appointment[];
  readonly letters: Letter[];
  readonly studies: Study[];
  readonly scores: Score[];
  readonly history: History[];
  readonly operations: Operation[];
  readonly findings: Finding[];
  readonly medicines: Medicine[];
  readonly samples: Sample[];
}

export const emptyPathway = (): Pathway => ({
  appointments: [],
  letters: [],
  studies: [],
  scores: [],
  history: [],
  operations: [],
  findings: [],
  medicines: [],
  samples: [],
});

/** A visit for an order; how it ends, if it has. */
export interface Appointment {
  readonly key: string;
  readonly title: string;
  readonly order: Order;
  readonly bookedAt: Instant;
  readonly startsAt: Instant;
  readonly ended?: { readonly at: Instant; readonly status: "fulfilled" | "noshow" | "cancelled" };
}

/** A discharge summary or a clinic letter. Some EPRs know it only once it is signed. */
export interface Letter {
  readonly id: string;
  readonly kind: "discharge-summary" | "clinic-letter";
  readonly encounter: Encounter;
  readonly by: Person;
  readonly draftedAt: Instant | undefined;
  readonly signedAt: Instant | undefined;
  readonly voidedAt: Instant | undefined;
  /** By the EPR's own post, or by a message that somebody wrote. */
  readonly sent: { readonly at: Instant; readonly via: "transmit" | "message" } | undefined;
}

/** Images that were taken for an order. */
interface Study {
  readonly id: string;
  readonly at: Instant;
  readonly order: Order;
  readonly by: Person;
}

/** A set of observations with its early-warning total and the seven parts of it. */
export interface Score {
  readonly key: string;
  readonly at: Instant;
  readonly by: Person;
  readonly encounter: Encounter;
  readonly parts: readonly number[];
  /** It was another patient's: it says nothing. */
  readonly isError: boolean;
}

/** What the patient had before they came: a condition, or something that was done. */
export interface History {
  readonly id: string;
  readonly name: keyof typeof conditionCodes | keyof typeof procedureCodes;
  readonly code: Coding;
  readonly type: "Condition" | "Procedure";
  readonly at: Instant;
}

/** A procedure that was done here. */
export interface Operation {
  readonly id: string;
  readonly name: keyof typeof procedureCodes;
  readonly at: Instant;
  readonly by: Person;
}

/** What a radiologist saw in a picture, where the EPR keeps that as an Observation of its own. */
interface Finding {
  readonly id: string;
  readonly result: Result;
  /** What the picture is of. */
  readonly code: Coding;
  readonly says: Coding;
  /** When the picture was taken, and when it was reported. */
  readonly at: Instant;
  readonly issuedAt: Instant;
}

/** When a medicine is to be given: at these hours of the day in London, every so many hours from an instant on, or at that instant alone. */
export type Times =
  | { readonly at: readonly string[] }
  | { readonly everyHours: number; readonly from: Instant; readonly until?: Instant }
  | { readonly once: Instant };

/** A medicine that was prescribed: how much, when it is to be given where that is said, and what became of it. */
export interface Medicine {
  readonly key: string;
  readonly name: keyof typeof medicineCodes;
  readonly at: Instant;
  /** Unknown of what patients bring from home. */
  readonly by: Person | undefined;
  readonly encounter: Encounter | undefined;
  /** Micrograms, milligrams or units: as a number is all that matters. */
  readonly dose: number;
  readonly times?: Times;
  /** Another dose on the same prescription, in order of time. */
  readonly changes: { readonly at: Instant; readonly dose: number }[];
  ended?: { readonly at: Instant; readonly status: "completed" | "stopped" | "entered-in-error" };
  readonly doses: { readonly at: Instant; readonly isGiven: boolean }[];
}

/** A value that the laboratory measured for a practice; without one where it was lost on its way. */
interface Sample {
  readonly id: string;
  readonly analyte: Analyte;
  readonly takenAt: Instant;
  readonly reportedAt: Instant;
  readonly value?: number;
}
