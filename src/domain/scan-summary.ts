import type { Instant, Interval } from "./instant.ts";
import type { Verdict } from "./verdict.ts";

/** What a scan read, decided and could not see. */
export interface ScanSummary {
  readonly run: {
    readonly id: string;
    readonly site: string;
    readonly kind: string;
    readonly now: Instant;
    readonly nowIs: NowIs;
    readonly startedAt: Instant;
    readonly finishedAt?: Instant;
    readonly state: "complete" | "incomplete";
    readonly watchFrom?: Instant;
    /** Care events for which no patient could be found. */
    readonly unplaced: number;
    readonly notes: PullNotes;
  };
  readonly feeds: readonly FeedSummary[];
  readonly signals: readonly SignalSummary[];
  /** Absent from what older versions stored. */
  readonly series?: readonly SeriesSummary[];
}

/** What a server counts in the windows that were read of a feed, beside what it gave. */
export interface FeedCount {
  readonly expected: number;
  readonly given: number;
  /** Windows that were counted, and those that the server gave and did not count. */
  readonly counted: number;
  readonly uncounted: number;
}

export interface FeedSummary extends RunFeed {
  /** Absent where no window of a server was read. */
  readonly count?: FeedCount;
  /** The instant up to which all is seen without a gap later; absent where nothing is. */
  readonly coveredUntil?: Instant;
  /** What was not seen between `watchFrom` and `now`, of the feeds that the signals use. */
  readonly gaps: readonly Interval[];
}

export interface SignalSummary extends Readonly<Record<Verdict | "opened" | "beforeWatch", number>> {
  readonly id: string;
  readonly version: number;
  /** `blind`: it runs, and part of what it needs was not seen. */
  readonly runs: "yes" | "blind" | "no";
  /** Where its opening feeds were not looked at. */
  readonly notLookedAt: readonly Interval[];
}

/** What was decided of a series: of a system's health, and of no patient. */
export interface SeriesSummary {
  readonly id: string;
  readonly version: number;
  /** Periods that break a rule, of all that are held. */
  readonly alarms: number;
}

/** Counts of one feed in a run: read = stored + duplicate + quarantined + expired + skipped. */
export interface RunFeed {
  readonly source: string;
  readonly type: string;
  readonly read: number;
  readonly stored: number;
  readonly duplicate: number;
  readonly quarantined: number;
  readonly expired: number;
  readonly skipped: number;
}

/** What a person should hear of a pull beside its counts. */
export interface PullNotes {
  /** Event times later than the clock, left out of assumed coverage. */
  readonly afterClock: number;
  /** Types whose coverage was not credited, for a file that held them was cut short. */
  readonly cutShort: readonly string[];
  /** Times that a server was asked for and did not give: gaps, tried again first by the next pull. */
  readonly failedWindows: readonly FailedWindow[];
  /** Types that tell of what people did, and that a server does not offer. */
  readonly notOffered: readonly string[];
  /** What else a server made hard, a sentence each: a clock that is off, types that it does not offer. Nothing of any patient. */
  readonly serverRemarks: readonly string[];
}

export interface FailedWindow {
  readonly source: string;
  readonly type: string;
  /** Of `meta.lastUpdated`, half-open; without a beginning it is everything up to `to`. */
  readonly from?: Instant;
  readonly to: Instant;
  readonly reason: string;
}

/** Where a run's `now` is from: `--now`, the server's own clock less its lag, the latest time that the records carry, or the run's start. */
export type NowIs = "given" | "server-clock" | "latest-record" | "start";
