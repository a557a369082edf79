/** What makes a result critical, abnormal or normal: lists of the mapping, and the site's critical limits. */
export interface UrgencyRules {
  readonly critical: ReadonlySet<string>;
  readonly abnormal: ReadonlySet<string>;
  readonly normal: ReadonlySet<string>;
  readonly limits: readonly CriticalLimit[];
}

/** One row of the critical-limit table (RCPath G158, 2017). */
export interface CriticalLimit {
  /** The analyte, as the row is called. */
  readonly name: string;
  readonly loinc: readonly string[];
  /** UCUM. */
  readonly unit: string;
  /** g/mol, for conversion between mass and amount; absent where there is none. */
  readonly molarMass?: number;
  readonly charge?: number;
  readonly low?: number;
  readonly high?: number;
  /** Limits under 16 years, where they differ; an unknown age takes the stricter. */
  readonly childLow?: number;
  readonly childHigh?: number;
}
