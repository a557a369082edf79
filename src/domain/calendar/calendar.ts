/** When a site works: days of the week (1 Monday … 7 Sunday), hours of the day, and the days on which it does not. */
export interface Calendar {
  readonly timeZone: string;
  readonly days: readonly number[];
  /** `09:00`; half-open, `[from, to)`. */
  readonly from: string;
  readonly to: string;
  /** `2026-12-25`. */
  readonly holidays: readonly string[];
}
