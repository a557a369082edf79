import type { Activity } from "./activity.ts";
import type { Instant, Interval } from "./instant.ts";
import { findingVerdicts, type Kind, type Priority, type Reason, type Setting, type Urgency, type Verdict } from "./verdict.ts";

/** An interval of a feed that could not be seen, and why. */
export interface Gap extends Interval {
  /** The resource type of the feed. */
  readonly type: string;
  readonly why: "not-covered" | "outage" | "silent" | "unreadable" | "quarantined";
}

/** One instance of expected follow-through, judged. */
export interface Loop {
  readonly id: string;
  readonly signal: string;
  readonly signalVersion: number;
  /** Of the definition that judged it, as the site has it; a version may have several. */
  readonly edition: string;
  readonly subject: string;
  /** Id of the care event that opened it. */
  readonly opening: string;
  readonly openingActivity: Activity;
  readonly openedAt: Instant;
  readonly dueAt: Instant;
  readonly metAt?: Instant;
  readonly cancelledAt?: Instant;
  readonly verdict: Verdict;
  readonly reason?: Reason;
  /** Opened before the site's `watchFrom`: serves look-backs only, never a finding. */
  readonly beforeWatch: boolean;
  readonly urgency?: Urgency;
  readonly priority?: Priority;
  readonly setting?: Setting;
  readonly team?: string;
  readonly kind?: Kind;
  readonly title?: string;
  readonly limit: { readonly duration: string; readonly basis: string };
  /** Of feeds that could carry closing evidence, within opening and due. */
  readonly gaps: readonly Gap[];
  /** Of feeds of cancelling evidence: the verdict stands, and may be cancelled by what was not read. */
  readonly cancellingGaps: readonly Gap[];
  /** Dues that may change the verdict as time passes: empty once it is settled. */
  readonly wakes: readonly Instant[];
  readonly explanation: {
    readonly metBy?: string;
    readonly cancelledBy?: string;
    readonly voided?: true;
    /** Of a sequence: the events of its later steps, and from when on what should have come first was looked for. */
    readonly steps?: readonly string[];
    readonly since?: Instant;
    /** What would have excused it, and did not, as far as the feeds could tell. */
    readonly lookBacks?: readonly { readonly name: string; readonly outcome: "not-met" | "no-data" }[];
    /** The urgencies that an unread Observation could give. */
    readonly possible?: readonly Urgency[];
  };
}

/** Whether people may need to see it. */
export function isFinding(loop: Pick<Loop, "verdict" | "beforeWatch">): boolean {
  return !loop.beforeWatch && findingVerdicts.includes(loop.verdict);
}
