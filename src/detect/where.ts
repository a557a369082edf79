import type { CareEvent } from "../domain/care-event.ts";
import type { Limit, OpeningClause, Where } from "../domain/signal.ts";
import type { Urgency } from "../domain/verdict.ts";

/** Whether an event meets the conditions, its urgency taken as given; an absent priority is routine. */
export function matches(event: CareEvent, urgency: Urgency | undefined, where: Where = {}): boolean {
  return (
    allows(where.urgency, urgency) &&
    allows(where.setting, event.setting) &&
    allows(where.priority, event.priority ?? "routine") &&
    allows(where.kind, event.kind)
  );
}

function allows<T>(accepted: readonly T[] | undefined, value: T | undefined): boolean {
  return accepted === undefined || (value !== undefined && accepted.includes(value));
}

export function opens(event: CareEvent, urgency: Urgency | undefined, clauses: readonly OpeningClause[]): boolean {
  return clauses.some((clause) => clause.activity.includes(event.activity) && matches(event, urgency, clause.where));
}

/** The first row that matches; a row without a duration of its own needs a due date on the record. */
export function findLimit(event: CareEvent, urgency: Urgency | undefined, limits: readonly Limit[]): Limit | undefined {
  return limits.find((limit) => matches(event, urgency, limit.where) && (limit.withinMs !== undefined || event.due !== undefined));
}
