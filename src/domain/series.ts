import type { Activity } from "./activity.ts";
import type { Analyte } from "./convert-value.ts";
import type { Instant } from "./instant.ts";
import type { Side } from "./spc.ts";
import type { SignalHead, ValueSet } from "./signal.ts";

/** What a series may measure: an index serves them by their time, whoever the patient is. */
export const measurable = ["observation.resulted"] as const satisfies readonly Activity[];

/** Which care events a number is made of. */
interface SeriesEvents {
  readonly activity: readonly (typeof measurable)[number][];
  /** Only events that carry a code of one of these. */
  readonly code?: readonly ValueSet[];
}

/** What is counted or measured of each period. */
export type SeriesNumber =
  /** Records of a feed: one resource type from one source. */
  | { readonly what: "records" }
  /** Of so many events of which a value is due, how many per cent carry none. */
  | ({ readonly what: "share-without-value" } & SeriesEvents)
  /** The mean of the values, in the unit; those that do not convert into it (UCUM) are left out and counted. */
  | ({ readonly what: "mean-value"; readonly unit: string } & Analyte & SeriesEvents)
  /** Events with the code of another of the same patient within so long before, per hundred patients. */
  | ({ readonly what: "repeats"; readonly withinMs: number } & SeriesEvents);

/** What a period must do to break a rule; `side` where only one is of concern. */
export type SeriesRule = { readonly basis: string } & (
  | /** Nothing at all, where the same hour of each of the `weeks` before held at least `busy`. */
    { readonly rule: "silent"; readonly busy: number; readonly weeks: number }
    /** Under the lower limit, and under `share` of what is usual, where that is at least `busy`. */
  | { readonly rule: "below"; readonly share: number; readonly busy: number }
  /** Over the upper limit, and over `times` what is usual, or `busy` where that is more. */
  | { readonly rule: "above"; readonly times: number; readonly busy: number }
  | { readonly rule: "outside" | "shift" | "trend" | "outer-third"; readonly side?: Side }
);

export type RuleName = SeriesRule["rule"];

/** A number per period, judged against its own history (`design.md`, series). */
export interface SeriesTemplate {
  readonly number: SeriesNumber;
  /** By the clock on the wall: a day from midnight, a week from Monday. */
  readonly per: "hour" | "day" | "week";
  /** `hour-of-week`: the same hour of the weeks before, by the clock on the wall; `itself`: the periods before, as an XmR chart. */
  readonly against: "hour-of-week" | "itself";
  /** How far back it looks. */
  readonly historyMs: number;
  /** How many known numbers the history must hold for a period to be judged. */
  readonly needs: number;
  /** A period with fewer events has no number: one of three is 33 %. */
  readonly fewest?: number;
  /** What comes late is waited for: a period has a number only so long after its end. */
  readonly settlesMs?: number;
  /**
   * Where over half of the days of the history hold not one of the events counted, the days between them are judged in
   * their place, against those of so long before, of which so many must be known; but for a day with more than a run of them.
   */
  readonly rare?: { readonly historyMs: number; readonly needs: number };
  readonly rules: readonly SeriesRule[];
}

/** A signal of the template series: of a system's health, and of no patient. */
export interface SeriesSignal extends SignalHead {
  readonly series: SeriesTemplate;
}

/** A number of one period, and what it is judged against; without limits where the history is too short. */
export interface JudgedPeriod {
  readonly from: Instant;
  readonly to: Instant;
  readonly value: number;
  readonly limits?: { readonly centre: number; readonly lower: number; readonly upper: number };
  /** The rules that it breaks, in the order of the signal. */
  readonly breaks: readonly RuleName[];
  /** The value is how many days the event of its last day came after the one before. */
  readonly daysBetween?: true;
}
