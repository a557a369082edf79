import { addWorkingDays, addWorkingHours } from "../domain/calendar/add-working-time.ts";
import type { Activity } from "../domain/activity.ts";
import type { CareEvent } from "../domain/care-event.ts";
import type { Instant } from "../domain/instant.ts";
import type { Limit, LoopSignal } from "../domain/signal.ts";
import type { Urgency } from "../domain/verdict.ts";
import { findLimit } from "./where.ts";

export interface Due {
  readonly at: Instant;
  readonly limit: Limit;
  /** What comes later closes nothing. */
  readonly lapseAt?: Instant;
}

/** What moves a due time. */
export const changingDue: readonly Activity[] = ["task.rescheduled", "task.reprioritised", "order.reprioritised"];

/**
 * When a loop is due: opening plus limit, or the record's own due date. A change of due date or priority while it was not
 * yet due counts, for no instant before the change; changed afterwards, it does not. A due before the opening is taken
 * as the opening.
 */
export function dueOf(
  opening: CareEvent,
  urgency: Urgency | undefined,
  onSubject: readonly CareEvent[],
  signal: LoopSignal,
): Due | undefined {
  let due = dueFrom(opening, opening, urgency, signal);
  let stated = due?.at;
  for (const change of onSubject.filter((event) => changingDue.includes(event.activity)).sort(byVersion)) {
    if (!due || change.at >= due.at) continue;
    const changed = dueFrom({ ...opening, priority: change.priority, due: change.due } as CareEvent, opening, urgency, signal);
    // A priority that changes beside a due date which stays the same moves nothing.
    if (changed && changed.at !== stated) due = { ...changed, at: Math.max(changed.at, change.at) };
    stated = changed?.at ?? stated;
  }
  return due;
}

function dueFrom(attributes: CareEvent, opening: CareEvent, urgency: Urgency | undefined, signal: LoopSignal): Due | undefined {
  const limit = findLimit(attributes, urgency, signal.loop.limits);
  if (!limit) return undefined;
  const { grace } = signal.loop;
  const lengthMs = limitAt(limit, attributes, opening) - opening.at;
  const at = opening.at + lengthMs * (grace?.due ?? 1);
  return { at: Math.max(at, opening.at), limit, ...(grace && { lapseAt: opening.at + lengthMs * grace.lapse }) };
}

function limitAt({ withinMs, working }: Limit, { due }: CareEvent, opening: CareEvent): Instant {
  if (working) {
    const add = working.unit === "days" ? addWorkingDays : addWorkingHours;
    return add(opening.at, working.amount, working.calendar);
  }
  return withinMs === undefined ? (due ?? opening.at) : opening.at + withinMs;
}

/** In the order of the versions that say so, whatever their times: the last word counts. */
function byVersion(a: CareEvent, b: CareEvent): number {
  return (a.sequence ?? 0) - (b.sequence ?? 0) || a.at - b.at;
}

/** By time; at one instant in the order of the versions that say so. */
export function byTime(a: CareEvent, b: CareEvent): number {
  return a.at - b.at || (a.sequence ?? 0) - (b.sequence ?? 0);
}
