import type { Instant } from "./london-time.ts";

export const dialects = ["balp", "iso21089", "r5", "task-only"] as const;
export type DialectName = (typeof dialects)[number];

/** From 0, none, to 3, a bad month. */
export interface Mess {
  /** Outages that coverage.json declares, lateness within the lag, duplicates, files shuffled and split anew. */
  readonly declared: number;
  /** Events lost, references lost, clocks off: nobody says so. */
  readonly undeclared: number;
}

export interface SimulateOptions {
  readonly seed: number;
  readonly days: number;
  readonly beds: number;
  readonly dialect: DialectName;
  readonly mess: Mess;
  /** The first local midnight. */
  readonly start: Instant;
  /** Audit events that a clinician's working day leaves, of those that are no step of any loop. */
  readonly auditEvents: number;
}

/** A Monday, in winter: thirteen weeks later the clocks change. */
export const usualStart = "2026-01-05";
