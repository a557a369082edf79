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
  return (ofVerdict[loop.verdict] ?? 30) + rankByUrgency(loop.urgency, loop.priority);
}

function rankByUrgency(urgency: Urgency | null | undefined, priority: Priority | null | undefined): number {
  if (urgency === "critical") return 0;
  if (priority === "stat") return 1;
  if (urgency === "abnormal" || priority === "asap" || priority === "urgent") return 2;
  return urgency === "normal" ? 4 : 3;
}
