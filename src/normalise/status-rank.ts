/** The order of `design.md`, Identity; on one line, statuses that stand for the same step. */
const ranks: readonly (readonly string[])[] = [
  ["draft", "proposed", "preparation"],
  ["requested", "registered", "planned", "pending", "waitlist"],
  ["partial", "preliminary"],
  ["received"],
  ["accepted"],
  ["ready", "booked"],
  ["active", "in-progress", "arrived", "triaged", "checked-in"],
  ["on-hold", "suspended", "onleave"],
  ["final"],
  ["amended", "corrected", "appended"],
  ["completed", "fulfilled", "finished", "discharged"],
  ["rejected"],
  ["failed", "noshow", "not-done"],
  ["cancelled", "revoked", "stopped", "discontinued"],
  ["entered-in-error"],
];

const rankByStatus = new Map(ranks.flatMap((statuses, rank) => statuses.map((status) => [status, rank] as const)));

export const highestRank = ranks.length - 1;

/** A status that the order does not know stands with the drafts. */
export function rankOfStatus(status: string): number {
  return rankByStatus.get(status) ?? 0;
}
