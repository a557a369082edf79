import type { Activity, Grade } from "./activity.ts";
import type { Gap } from "./loop.ts";
import type { Exclusion } from "./exclusion.ts";
import type { Key } from "./facts.ts";
import type { Status } from "./status.ts";
import type { Priority, Reason, Tier, Urgency, Verdict } from "./verdict.ts";

/** A gap as it is shown: its times as RFC 3339 in UTC. */
export interface ShownGap {
  readonly type: string;
  readonly from: string;
  readonly to: string;
  readonly why: Gap["why"];
}

/** A care event as evidence on one finding. */
export interface ShownEvidence {
  readonly activity: Activity;
  readonly at: string;
  /** Null where nothing says who, or where the viewer may not know. */
  readonly actor: string | null;
  /** The record that says so. */
  readonly record: string | null;
  readonly grade: Grade;
  /** What it did to the loop, where it did something. */
  readonly did?: "opened" | "followed" | "closed" | "cancelled";
  /** Its time is known only as an upper bound. */
  readonly atOrBefore?: true;
}

/** A record that was deleted at its source. */
export interface DeletedRecord {
  readonly record: Key;
  /** When, or by when where the source tells no time; null where it is not known. */
  readonly at: string | null;
}

/** A finding as people and programs are shown it (`design.md`, Interfaces): times are RFC 3339 in UTC. */
export interface Finding {
  readonly id: string;
  readonly site: string;
  readonly signal: string;
  readonly signalVersion: number;
  /** Of the definition as this site has it: the version with the site's own limits, value sets and calendar. */
  readonly edition: string;
  readonly tier: Tier;
  readonly severity: "high" | "medium" | "low";
  readonly verdict: Verdict;
  readonly reason: Reason | null;
  readonly status: Status;
  readonly subject: string;
  /** Key of its case: an order or, where it rests on none, a record. */
  readonly case: string;
  readonly title: string | null;
  readonly urgency: Urgency | null;
  /** Of an order or a Task, when it was placed or asked for. */
  readonly priority: Priority | null;
  readonly patient: string | null;
  readonly encounter: string | null;
  readonly team: string;
  readonly openedAt: string;
  /** Null of a sequence: it is due at no time. */
  readonly dueAt: string | null;
  readonly metAt: string | null;
  readonly limit: { readonly duration: string; readonly basis: string };
  readonly coverage: { readonly complete: boolean; readonly gaps: readonly ShownGap[] };
  readonly evidence: readonly ShownEvidence[];
  readonly exclusions: readonly Exclusion[];
  /** All of it in one sentence: what was expected, what happened instead, what was looked for as an excuse, what would clear it. */
  readonly explanation: string;
  /** Why it is open again. */
  readonly statusReason: string | null;
  /** Not seen of what may have cancelled it: the verdict stands, and may be wrong for that. */
  readonly cancellingGaps: readonly ShownGap[];
  /** Of the records that it rested on, those that were deleted at their source: what they said counts no more. */
  readonly restedOnDeleted: readonly DeletedRecord[];
  /** Recorded steps of its review. */
  readonly reviews: number;
  /** Looks at the patient's chart beyond those in `evidence`. */
  readonly evidenceLeftOut: number;
  /** It is past the retention line: its evidence is a copy, for the records that it rested on may be gone, and no scan changes it. */
  readonly sealed: boolean;
}

/** What a reviewer saw: kept with the review, for the loop may change or go. */
export type SeenFinding = Omit<Finding, "status" | "statusReason" | "reviews" | "sealed">;

/** From when on it is somebody's work: when it was due; a sequence, when it happened. */
export function overdueSince({ dueAt, openedAt }: Pick<Finding, "dueAt" | "openedAt">): number {
  return Date.parse(dueAt ?? openedAt);
}
