import type { Activity } from "../domain/activity.ts";
import type { ValueSet, Where } from "../domain/signal.ts";
import type { WrittenWhere } from "./clause-schema.ts";
import type { ValueSets } from "./read-value-sets.ts";
import { comparisonOf, listed } from "./written-values.ts";

/** Conditions with the codes of their value sets written in: a definition in force rests on no file. */
export function compileWhere(written: WrittenWhere, sets: ValueSets): Where {
  const { urgency, setting, priority, kind, code, answer, conclusion, flag, value, part, age } = written;
  const named = (ids: string | readonly string[]): ValueSet[] => listed(ids).map((id) => setOf(id, sets));
  return {
    ...(urgency && { urgency: listed(urgency) }),
    ...(setting && { setting: listed(setting) }),
    ...(priority && { priority: listed(priority) }),
    ...(kind && { kind: listed(kind) }),
    ...(code && { code: named(code) }),
    ...(answer && { answer: named(answer) }),
    ...(conclusion && { conclusion: named(conclusion) }),
    ...(flag && { flag: listed(flag) }),
    ...(value && { value: listed(value).map(comparisonOf) }),
    ...(part && { part: listed(part).map(comparisonOf) }),
    ...(age && { age: { ...(age.from !== undefined && { from: age.from }), ...(age.to !== undefined && { to: age.to }) } }),
  };
}

function setOf(name: string, sets: ValueSets): ValueSet {
  const found = sets.get(name);
  // A name that is unknown has been told before anything is compiled.
  if (!found) throw new Error(`"${name}" was taken for a value set`);
  const { id, title, codings } = found;
  return { id, title, codings };
}

/** What only a person does; anything else may also come from a machine (a report that arrives, a task set to completed). */
export const byPersons: readonly Activity[] = ["result.viewed", "result.acknowledged", "result.communicated"];
