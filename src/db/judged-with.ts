/** What the site's part of a detection rested on: where it differs, unsettled loops are judged again. */
export interface JudgedWith {
  readonly feeds: Readonly<Record<string, readonly (readonly [number, number])[]>>;
  readonly closingSeen: readonly string[];
  readonly watchFrom: number | null;
  /** Hash of settings and signal versions. */
  readonly settings: string;
  readonly quarantined: readonly string[];
}
