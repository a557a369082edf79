import type { Activity } from "../domain/activity.ts";
import type { SequenceStep, SequenceTemplate } from "../domain/signal.ts";
import { byPersons, compileWhere } from "./compile-where.ts";
import type { ValueSets } from "./read-value-sets.ts";
import type { WrittenSequence } from "./sequence-schema.ts";
import { durationMs, listed } from "./written-values.ts";

/** A sequence as detection reads it: every repetition a step of its own, every default filled in. */
export function compileSequence({ steps, within, without }: WrittenSequence, sets: ValueSets): SequenceTemplate {
  return {
    steps: steps.flatMap((step, place) => compileStep(step, place === 0, sets)),
    ...(within !== undefined && { withinMs: durationMs(within) }),
    ...(without && {
      without: {
        activity: listed(without.activity),
        gradeAtLeast: without.grade ?? 0,
        by: without.by ?? usualDoer(listed(without.activity)),
        same: listed(without.same ?? "subject"),
        since: listed(without.since),
      },
    }),
  };
}

function compileStep(written: WrittenSequence["steps"][number], isFirst: boolean, sets: ValueSets): SequenceStep[] {
  const { activity, where, by, same, different, within, times = 1 } = written;
  const step: SequenceStep = {
    activity: listed(activity),
    by: by ?? usualDoer(listed(activity)),
    same: listed(same ?? (different === undefined ? "subject" : [])),
    different: listed(different ?? []),
    ...(where && { where: compileWhere(where, sets) }),
    ...(within !== undefined && { withinMs: durationMs(within) }),
  };
  // The first step has nothing to be joined with.
  const first: SequenceStep = { ...step, same: [], different: [] };
  return Array.from({ length: times }, (_, turn) => (isFirst && turn === 0 ? first : step));
}

function usualDoer(activities: readonly Activity[]): "person" | "anyone" {
  return activities.every((activity) => byPersons.includes(activity)) ? "person" : "anyone";
}
