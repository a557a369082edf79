import type { ValueCondition, ValueSet, Where } from "../domain/signal.ts";

/** Conditions in words: `critical, emergency setting`. */
export function conditions({ urgency, setting, priority, kind, code, answer, conclusion, flag, value, part, age }: Where): string {
  return [
    code && titles(code),
    urgency && either(urgency.map((value) => (value === "not-said" ? "urgency not said" : value))),
    setting && `${either(setting)} setting`,
    priority && `${either(priority)} priority`,
    kind && either(kind),
    flag && `${either(flag)} by its flag or range`,
    value && value.map(compared).join(" and "),
    part && `${part.map(compared).join(" and ")} in one of its parts`,
    answer && `answered ${titles(answer)}`,
    conclusion && `concluded as ${titles(conclusion)}`,
    age && ageInWords(age),
  ]
    .filter((each) => each !== undefined)
    .join(", ");
}

function titles(sets: readonly ValueSet[]): string {
  return either(sets.map(({ title }) => title));
}

const comparatorWords: Readonly<Record<ValueCondition["comparator"], string>> = {
  "<": "below",
  "<=": "at most",
  ">": "above",
  ">=": "at least",
};

function compared({ comparator, value, unit }: ValueCondition): string {
  return `${comparatorWords[comparator]} ${String(value)}${unit === "1" || unit.startsWith("{") ? "" : ` ${unit}`}`;
}

function ageInWords({ from, to }: NonNullable<Where["age"]>): string {
  if (from !== undefined && to !== undefined) return `aged ${String(from)} to ${String(to)}`;
  return from === undefined ? `aged ${String(to)} or less` : `aged ${String(from)} or more`;
}

/** `one, two or three`. */
export function either(values: readonly string[]): string {
  return values.join(", ").replace(/, ([^,]*)$/, " or $1");
}
