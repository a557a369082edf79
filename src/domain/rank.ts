import type { Priority, Urgency, Verdict } from "./verdict.ts";

const ofVerdict: Partial<Readonly<Record<Verdict, number>>> = { missed: 0, late: 10, unknown: 20 };

/**
 * What cannot wait has the least: missed before late before unknown, then by urgency. A critical result comes before all: what it
 * says is known to be dangerous. Of an order or a Task, which have no urgency, the priority counts.
 */
export function rankOf(loop: {
  readonly verdict: Verdict;
  readonly urgency?: Urgency | null;
  readonly priority?: Priority | null;
}): number {
  return rankOfVerdict(loop.verdict) + rankByUrgency(loop.urgency, loop.priority);
}

/** Between which ranks, both included, all loops of these verdicts stand. */
export function ranksOf(verdicts: readonly Verdict[]): { readonly least: number; readonly greatest: number } {
  const ranks = verdicts.map(rankOfVerdict);
  return { least: Math.min(...ranks), greatest: Math.max(...ranks) + lastByUrgency };
}

function rankOfVerdict(verdict: Verdict): number {
  return ofVerdict[verdict] ?? 30;
}

const lastByUrgency = 4;

function rankByUrgency(urgency: Urgency | null | undefined, priority: Priority | null | undefined): number {
  if (urgency === "critical") return 0;
  if (priority === "stat") return 1;
  if (urgency === "abnormal" || priority === "asap" || priority === "urgent") return 2;
  return urgency === "normal" ? lastByUrgency : 3;
}
