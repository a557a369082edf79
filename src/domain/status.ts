import type { Instant } from "./instant.ts";
import type { Verdict } from "./verdict.ts";

export const statuses = ["open", "in-review", "confirmed", "dismissed", "closed", "resolved"] as const;
/** Where a case or finding stands with people. */
export type Status = (typeof statuses)[number];

/** With these the case is still somebody's work: what the worklist shows. */
export const currentStatuses: readonly Status[] = ["open", "in-review", "confirmed"];

export const steps = ["take", "release", "confirm", "dismiss", "close", "reopen", "assign", "snooze", "escalate", "undo", "note"] as const;
export type Step = (typeof steps)[number];

/** Which steps move a status, from which, to which. The others are possible from anywhere and move none. */
const moves: Readonly<Record<Status, Partial<Readonly<Record<Step, Status>>>>> = {
  open: { take: "in-review", dismiss: "dismissed", confirm: "confirmed" },
  "in-review": { confirm: "confirmed", dismiss: "dismissed", release: "open" },
  confirmed: { close: "closed" },
  dismissed: { reopen: "open" },
  closed: { reopen: "open" },
  resolved: {},
};

/** A judgement, or words that say nothing without it: whom it is assigned to, until when it may wait, what is noted. */
const needReason: ReadonlySet<Step> = new Set(["dismiss", "assign", "snooze", "note"]);
/** Taking a case and releasing it judges nothing. */
const judgements: ReadonlySet<Step> = new Set(["confirm", "dismiss", "close", "reopen"]);
const badness: Partial<Readonly<Record<Verdict, number>>> = { unknown: 1, late: 2, missed: 3, occurred: 3 };

/** A recorded step, as far as status depends on it. */
export interface PastStep {
  readonly step: Step;
  readonly reviewer: string;
  readonly at: Instant;
  /** What the scan said when the step was made. */
  readonly verdict: Verdict;
}

export interface Standing {
  readonly status: Status;
  /** Why it is open again though somebody had settled it. */
  readonly reason?: string;
}

/**
 * Where a finding stands: a fold over its reviews, oldest first, ended by what the loop now says. A step that was not
 * possible from where it was made (two people at once) moves nothing.
 */
export function statusOf(reviews: readonly PastStep[], loop: { readonly verdict: Verdict }): Standing {
  const standing = withoutUndone(reviews);
  const isReviewed = standing.some(({ step }) => judgements.has(step));
  let now: Settled = { status: "open" };
  for (const { step, verdict } of standing.filter((each) => movesStatus(each.step))) {
    now = openedByWorse(now, verdict);
    const status = moves[now.status][step];
    if (status !== undefined) now = { status, ...(isSettled(status) && { settledAs: verdict }) };
  }
  const { status, reason } = openedByWorse(now, loop.verdict);
  const isOver = loop.verdict === "met" || loop.verdict === "cancelled";
  if (!isReviewed && status === "open" && isOver) return { status: "resolved" };
  return { status, ...(reason !== undefined && { reason }) };
}

interface Settled extends Standing {
  /** The verdict under which it was dismissed or closed. */
  readonly settledAs?: Verdict;
}

function isSettled(status: Status): boolean {
  return status === "dismissed" || status === "closed";
}

/** What was dismissed or closed is open again once the verdict is worse than the one judged; evidence that closes never does that. */
function openedByWorse(standing: Settled, verdict: Verdict): Settled {
  const { status, settledAs } = standing;
  if (settledAs === undefined || (badness[verdict] ?? 0) <= (badness[settledAs] ?? 0)) return standing;
  return { status: "open", reason: `${status} when it was ${settledAs}; it is now ${verdict}` };
}

/** The steps that nobody took back: `undo` takes back the last one of the same reviewer. */
function withoutUndone(reviews: readonly PastStep[]): PastStep[] {
  const standing: PastStep[] = [];
  for (const review of reviews) {
    if (review.step !== "undo") standing.push(review);
    else {
      const last = standing.findLastIndex(({ reviewer }) => reviewer === review.reviewer);
      if (last >= 0) standing.splice(last, 1);
    }
  }
  return standing;
}

/** The steps that `reviewer` can make now. */
export function possibleSteps(reviews: readonly PastStep[], loop: { readonly verdict: Verdict }, reviewer: string): Step[] {
  const { status } = statusOf(reviews, loop);
  const moving = Object.keys(moves[status]) as Step[];
  return steps
    .filter((step) => moving.includes(step) || !movesStatus(step))
    .filter((step) => step !== "undo" || mayUndo(reviews, reviewer));
}

export function movesStatus(step: Step): boolean {
  return Object.values(moves).some((possible) => step in possible);
}

export function needsReason(step: Step): boolean {
  return needReason.has(step);
}

/** Whether there is a step to take back, and nobody else has moved the status on the strength of it. */
function mayUndo(reviews: readonly PastStep[], reviewer: string): boolean {
  const standing = withoutUndone(reviews);
  const last = standing.findLastIndex((review) => review.reviewer === reviewer);
  const taken = standing[last];
  if (!taken) return false;
  return !movesStatus(taken.step) || !standing.slice(last + 1).some(({ step }) => movesStatus(step));
}
