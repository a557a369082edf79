import type { Activity } from "./activity.ts";
import type { Instant } from "./instant.ts";
import type { Side } from "./spc.ts";
import type { SignalHead } from "./signal.ts";

/** Which care events a number is made of. */
interface SeriesEvents {
  readonly activity: readonly Activity[];
  /** Codes of which the event carries one, whatever their system is named. */
  readonly code?: readonly string[];
}

/** What is counted or measured of each period. */
export type SeriesNumber =
  /** Records of a feed: one resource type from one source. */
  | { readonly what: "records" }
  /** Of so many events, how many per cent carry no value. */
  | ({ readonly what: "share-without-value" } & SeriesEvents)
  /** The mean of the values in the unit. */
  | ({ readonly what: "mean-value"; readonly unit: string } & SeriesEvents)
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
  readonly per: "hour" | "day";
  /** `hour-of-week`: the same hour of the weeks before, by the clock on the wall; `itself`: the periods before, as an XmR chart. */
  readonly against: "hour-of-week" | "itself";
  /** How far back it looks. */
  readonly historyMs: number;
  /** How many known numbers the history must hold for a period to be judged. */
  readonly needs: number;
  /** A period with fewer events has no number: one of three is 33 %. */
  readonly fewest?: number;
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
}
