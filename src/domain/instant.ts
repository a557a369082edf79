/** Epoch milliseconds, UTC. */
export type Instant = number;

/** Half-open: `[from, to)`. */
export interface Interval {
  readonly from: Instant;
  readonly to: Instant;
}

export type Precision = "instant" | "day" | "month" | "year";

/**
 * A time as a record states it. An exact time has `end === at`; a date (or month, or year) is the half-open
 * period `[at, end)` in the site's zone.
 */
export interface StatedTime {
  readonly at: Instant;
  readonly end: Instant;
  readonly precision: Precision;
  /** Set where the text carried no zone and the site's own was taken. */
  readonly zoneAssumed?: true;
}

/** The earliest that is known; undefined where none is. */
export function earliestOf(instants: Iterable<Instant | undefined>): Instant | undefined {
  let found: Instant | undefined;
  for (const at of instants) if (at !== undefined && (found === undefined || at < found)) found = at;
  return found;
}

/** The latest that is known; undefined where none is. */
export function latestOf(instants: Iterable<Instant | undefined>): Instant | undefined {
  let found: Instant | undefined;
  for (const at of instants) if (at !== undefined && (found === undefined || at > found)) found = at;
  return found;
}
