import type { FindingsSize } from "./fill-findings.ts";
import type { FeedSize } from "./generate-feed.ts";
import type { HistorySize } from "./write-history.ts";

export interface BenchSize {
  /** What is read from files into PostgreSQL, related and judged. */
  readonly feed: FeedSize;
  /** The same for the embedded database. */
  readonly embeddedFeed: FeedSize;
  /** The smaller history, before the day that is read. */
  readonly history: HistorySize;
  /** AuditEvents that a fast server on this machine gives. */
  readonly served: number;
  /** AuditEvents that a server gives that takes 50 ms a page. */
  readonly servedSlowly: number;
  /** What the API and the worklist are asked of. */
  readonly held: FindingsSize;
}

/** From minutes to hours: `full` is what a large trust writes in some days. */
export const sizes: Readonly<Record<string, BenchSize>> = {
  small: {
    feed: { patients: 500, days: 10, reportsADay: 40, looks: 20 },
    embeddedFeed: { patients: 200, days: 10, reportsADay: 10, looks: 20 },
    history: { reports: 100, reportsADay: 1, looks: 20, reportsOfTheDay: 20 },
    served: 5_000,
    servedSlowly: 5_000,
    held: { findings: 20_000, open: 2_000 },
  },
  default: {
    feed: { patients: 5_000, days: 30, reportsADay: 150, looks: 20 },
    embeddedFeed: { patients: 1_000, days: 30, reportsADay: 30, looks: 20 },
    history: { reports: 1_000, reportsADay: 10, looks: 20, reportsOfTheDay: 200 },
    served: 50_000,
    servedSlowly: 20_000,
    held: { findings: 100_000, open: 10_000 },
  },
  /** The days and looks of `full`, and a hundredth of its patients and reports: tells in minutes whether `full` works. */
  hundredth: {
    feed: { patients: 1_000, days: 120, reportsADay: 18, looks: 46 },
    embeddedFeed: { patients: 50, days: 30, reportsADay: 2, looks: 20 },
    history: { reports: 500, reportsADay: 5, looks: 20, reportsOfTheDay: 100 },
    served: 10_000,
    servedSlowly: 5_000,
    held: { findings: 10_000, open: 1_000 },
  },
  /** A tenth of `full`, where an hour is too long. */
  tenth: {
    feed: { patients: 10_000, days: 120, reportsADay: 180, looks: 46 },
    embeddedFeed: { patients: 500, days: 30, reportsADay: 15, looks: 20 },
    history: { reports: 5_000, reportsADay: 50, looks: 20, reportsOfTheDay: 500 },
    served: 100_000,
    servedSlowly: 10_000,
    held: { findings: 100_000, open: 10_000 },
  },
  full: {
    feed: { patients: 100_000, days: 120, reportsADay: 1_800, looks: 46 },
    embeddedFeed: { patients: 5_000, days: 30, reportsADay: 150, looks: 20 },
    history: { reports: 50_000, reportsADay: 400, looks: 20, reportsOfTheDay: 2_000 },
    served: 1_000_000,
    servedSlowly: 100_000,
    held: { findings: 1_000_000, open: 100_000 },
  },
};
