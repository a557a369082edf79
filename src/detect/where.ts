import type { CareEvent } from "../domain/care-event.ts";
import { convertValue } from "../domain/convert-value.ts";
import type { Concept } from "../domain/facts.ts";
import type { Limit, ValueCondition, ValueSet, Where } from "../domain/signal.ts";
import type { Urgency } from "../domain/verdict.ts";

/** Whether an event meets the conditions, its urgency taken as given; an absent priority is routine. */
export function matches(event: CareEvent, urgency: Urgency | undefined, where: Where = {}): boolean {
  const { observed, conclusions = [] } = event;
  return (
    allows(where.urgency, urgency) &&
    allows(where.setting, event.setting) &&
    allows(where.priority, event.priority ?? "routine") &&
    allows(where.kind, event.kind) &&
    isCoded(where.code, event.code ? [event.code] : []) &&
    isCoded(where.answer, observed?.answer ? [observed.answer] : []) &&
    isCoded(where.conclusion, conclusions) &&
    allows(where.flag, observed?.flag) &&
    holds(where.value, event.value, event.unit, observed?.comparator) &&
    (where.part === undefined || (observed?.parts ?? []).some(({ value, unit }) => holds(where.part, value, unit, undefined))) &&
    isOfAge(where.age, event.age)
  );
}

function allows<T>(accepted: readonly T[] | undefined, value: T | undefined): boolean {
  return accepted === undefined || (value !== undefined && accepted.includes(value));
}

function isCoded(sets: readonly ValueSet[] | undefined, concepts: readonly Concept[]): boolean {
  if (sets === undefined) return true;
  const codings = concepts.flatMap((concept) => concept.codings);
  return codings.some((coding) =>
    sets.some((set) => set.codings.some(({ system, code }) => system === coding.system && code === coding.code)),
  );
}

/**
 * `< 3` is nothing that is at least 3, and `> 400` nothing that is at most 400; else the bound counts as the value. What is
 * more than 50 is so however it is written: `> 50` as a value is above 50.
 */
function holds(
  conditions: readonly ValueCondition[] | undefined,
  value: number | undefined,
  unit: string | undefined,
  comparator: string | undefined,
): boolean {
  if (conditions === undefined) return true;
  return conditions.every((condition) => {
    const converted = value === undefined ? undefined : convertValue(value, unit, condition.unit);
    if (converted === undefined) return false;
    if (comparator !== undefined && comparator[0] !== condition.comparator[0]) return false;
    switch (condition.comparator) {
      case "<":
        return converted < condition.value || (comparator === "<" && converted === condition.value);
      case "<=":
        return converted <= condition.value;
      case ">":
        return converted > condition.value || (comparator === ">" && converted === condition.value);
      case ">=":
        return converted >= condition.value;
    }
  });
}

/** An age that is not known excludes nobody. */
function isOfAge(asked: Where["age"], age: number | undefined): boolean {
  return asked === undefined || age === undefined || (age >= (asked.from ?? 0) && age <= (asked.to ?? Infinity));
}

/** The first row that matches; a row without a duration of its own needs a due date on the record. */
export function findLimit(event: CareEvent, urgency: Urgency | undefined, limits: readonly Limit[]): Limit | undefined {
  return limits.find(
    (limit) =>
      matches(event, urgency, limit.where) && (limit.withinMs !== undefined || limit.working !== undefined || event.due !== undefined),
  );
}
