import type { Instant } from "../../src/domain/instant.ts";
import type { Reason, Verdict } from "../../src/domain/verdict.ts";
import type { Uncovered } from "./coverage.ts";

export interface Timed {
  readonly at: Instant;
  readonly bound: boolean;
}

/** Everything that the judgement of one loop rests on, but for its limit. */
export interface Grounds {
  readonly now: Instant;
  readonly blindAfterMs: number;
  readonly voided: boolean;
  /** Closing evidence, none before the opening. */
  readonly closings: readonly Timed[];
  /** Cancelling events, none before the opening, and deaths whenever they were. */
  readonly cancels: readonly Timed[];
  readonly neverSeen: boolean;
  uncovered(due: Instant): Uncovered;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly reason: Reason | null;
  readonly dueAt: Instant;
}

/** The earliest; of those at one instant, an exact one. */
export function earliest(times: readonly Timed[]): Timed | undefined {
  return [...times].sort((a, b) => a.at - b.at || Number(a.bound) - Number(b.bound))[0];
}

/**
 * The verdict under the dues of every urgency that could be (`undefined`: not opened under it). One due is a loop whose
 * urgency rests on nothing.
 */
export function judge(grounds: Grounds, dues: readonly (Instant | undefined)[]): Judgement | undefined {
  const opened = dues.filter((due) => due !== undefined).sort((a, b) => a - b);
  const [first, last] = [opened[0], opened.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  if (dues.length === 1) return judgeDue(grounds, first);
  // 4. "Where all agree (not opened agrees with met), that verdict with the latest due, else `unknown` with the earliest due."
  const verdicts = new Set(dues.map((due) => (due === undefined ? "met" : judgeDue(grounds, due).verdict)));
  if (verdicts.size === 1) return judgeDue(grounds, last);
  // Rules 1 to 3 come before it, with the earliest due.
  const early = settledOrPending(grounds, first);
  return { verdict: early ?? "unknown", reason: early === undefined ? "observation-not-brought" : null, dueAt: first };
}

function settledOrPending({ now, voided, closings, cancels }: Grounds, due: Instant): Verdict | undefined {
  const [met, cancel] = [earliest(closings), earliest(cancels)];
  // 1. "Strictly before both *met* and *due*."
  if (voided) return "cancelled";
  if (cancel !== undefined && cancel.at < due && (met === undefined || cancel.at < met.at)) return "cancelled";
  // 2.
  if (met !== undefined && met.at <= due) return "met";
  // 3.
  return met === undefined && now < due ? "pending" : undefined;
}

function judgeDue(grounds: Grounds, dueAt: Instant): Judgement {
  const settled = settledOrPending(grounds, dueAt);
  if (settled !== undefined) return { verdict: settled, reason: null, dueAt };
  const met = earliest(grounds.closings);
  const uncovered = grounds.uncovered(dueAt);
  if (uncovered === "nothing") {
    // 5.
    if (grounds.neverSeen) return { verdict: "unknown", reason: "never-seen", dueAt };
    const cancel = earliest(grounds.cancels);
    const deciding = earliest([met, cancel].filter((each) => each !== undefined));
    if (deciding?.bound === true) return { verdict: "unknown", reason: "time-not-recorded", dueAt };
    return { verdict: met === undefined ? "missed" : "late", reason: null, dueAt };
  }
  // 6.
  const isAwaited = met === undefined && uncovered === "awaited" && grounds.now - dueAt < grounds.blindAfterMs;
  // 7.
  return isAwaited ? { verdict: "pending", reason: null, dueAt } : { verdict: "unknown", reason: "gap", dueAt };
}
