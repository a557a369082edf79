import type { Instant } from "./instant.ts";
import type { Reason, Verdict } from "./verdict.ts";

/** A loop under one urgency: when it opened, when it was due, what closed or cancelled it, what could not be seen. */
export interface Candidate {
  readonly dueAt: Instant;
  /** The earliest qualifying closing event. */
  readonly metAt?: Instant;
  /** The earliest cancelling event, whether or not it comes in time to cancel. */
  readonly cancelledAt?: Instant;
  /** The earliest of closing and cancelling events is known only as an upper bound. */
  readonly decidedByUpperBound: boolean;
  readonly voided: boolean;
  /** Some closing feed is not covered over `[opened, due)`. */
  readonly hasGap: boolean;
  /** What is not covered is the end, and the feeds have not got there yet. */
  readonly onlyTailIsOpen: boolean;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly reason?: Reason;
  readonly dueAt: Instant;
}

/** What the whole site has shown so far, and how long a feed may lag. */
export interface Judging {
  readonly now: Instant;
  /** Whether an event that would close some loop of this signal was ever held at the site. */
  readonly closingSeen: boolean;
  readonly blindAfterMs: number;
}

/** Strictly before both met and due. */
export function isCancelled(candidate: Candidate): boolean {
  const { cancelledAt, metAt, dueAt } = candidate;
  return cancelledAt !== undefined && cancelledAt < dueAt && (metAt === undefined || cancelledAt < metAt);
}

/** What a scan says of a loop at `now`; the order of the lines is the order in the design. */
export function judgeLoop(candidate: Candidate, judging: Judging): Judgement {
  const { dueAt, metAt } = candidate;
  const { now, closingSeen, blindAfterMs } = judging;
  const unknown = (reason: Reason): Judgement => ({ verdict: "unknown", reason, dueAt });
  if (candidate.voided || isCancelled(candidate)) return { verdict: "cancelled", dueAt };
  if (metAt !== undefined && metAt <= dueAt) return { verdict: "met", dueAt };
  if (metAt === undefined && now < dueAt) return { verdict: "pending", dueAt };
  if (!candidate.hasGap) {
    if (!closingSeen) return unknown("never-seen");
    if (candidate.decidedByUpperBound) return unknown("time-not-recorded");
    return { verdict: metAt === undefined ? "missed" : "late", dueAt };
  }
  if (metAt === undefined && candidate.onlyTailIsOpen && now - dueAt < blindAfterMs) return { verdict: "pending", dueAt };
  return unknown("gap");
}

/** One urgency that the unread Observation could give: the loop it would open, or none. */
export type Possibility = Candidate | "not-opened";

/**
 * A loop whose urgency rests on an Observation that is not held is judged under every urgency that the reading could give.
 * Where all agree (not opened agrees with met), that verdict with the latest due; else what the earliest due decides without
 * looking at coverage; else nobody can say.
 */
export function judgePossibilities(possibilities: readonly Possibility[], judging: Judging): Judgement {
  const opened = possibilities.filter((each) => each !== "not-opened").sort((a, b) => a.dueAt - b.dueAt);
  const judged = opened.map((each) => judgeLoop(each, judging));
  const [first, latest] = [judged[0], judged.at(-1)];
  const [earliest] = opened;
  if (!first || !latest || !earliest) throw new Error("a loop that no urgency opens is no loop");
  const verdicts = new Set(judged.map((each) => each.verdict));
  if (opened.length < possibilities.length) verdicts.add("met");
  if (verdicts.size === 1) return latest;
  const isBeforeDue = earliest.metAt === undefined && judging.now < earliest.dueAt;
  const isDecided = first.verdict === "cancelled" || first.verdict === "met" || isBeforeDue;
  return isDecided ? first : { verdict: "unknown", reason: "observation-not-brought", dueAt: earliest.dueAt };
}
