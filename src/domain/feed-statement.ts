import type { Instant, Interval } from "./instant.ts";

/** What a person says of a feed's time. */
export interface FeedStatement extends Interval {
  readonly id: string;
  /** `outage`: nothing reliable came, so it is a gap; `silence-accepted`: nothing was to come, so it is none. */
  readonly says: "outage" | "silence-accepted";
  readonly source: string;
  /** Absent: every feed of the source. */
  readonly type?: string;
  readonly reason: string;
  readonly actor: string;
  readonly at: Instant;
}

/** What is in force of one feed. */
export function statedOf(statements: readonly FeedStatement[], says: FeedStatement["says"], source: string, type: string): Interval[] {
  return statements
    .filter((each) => each.says === says && each.source === source && (each.type === undefined || each.type === type))
    .map(({ from, to }) => ({ from, to }));
}
