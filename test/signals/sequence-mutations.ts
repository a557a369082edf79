import { isAcrossPatients } from "../../src/domain/by-actor.ts";
import type { SequenceStep, SequenceTemplate } from "../../src/domain/signal.ts";

interface SequenceMutation {
  readonly what: string;
  readonly sequence: SequenceTemplate;
}

/** Every way in which a sequence could be slightly wrong. */
export function sequenceMutations(sequence: SequenceTemplate): SequenceMutation[] {
  const { steps, withinMs, without } = sequence;
  // Across patients everything that is looked at is one person's.
  const byActor = steps.slice(1).some(isAcrossPatients);
  return [
    ...steps.flatMap((step, place) => [
      ...(steps.length > 1 ? [{ what: `step ${String(place)} is gone`, sequence: { ...sequence, steps: steps.toSpliced(place, 1) } }] : []),
      ...weakened(step, place, byActor).map(([what, weak]) => ({
        what: `step ${String(place)}: ${what}`,
        sequence: { ...sequence, steps: steps.with(place, weak) },
      })),
    ]),
    ...scaled(withinMs).map(([what, ms]) => ({ what: `all of it within ${what}`, sequence: { ...sequence, withinMs: ms } })),
    ...(without
      ? [
          { what: "without nothing", sequence: { steps, ...(withinMs !== undefined && { withinMs }) } },
          {
            what: "without, by the other",
            sequence: { ...sequence, without: { ...without, by: without.by === "person" ? ("anyone" as const) : ("person" as const) } },
          },
          ...(without.gradeAtLeast > 0
            ? [{ what: "without, of a lower grade", sequence: { ...sequence, without: { ...without, gradeAtLeast: 0 as const } } }]
            : []),
          ...less(without.same).map(([gone, same]) => ({
            what: `without, of any ${gone}`,
            sequence: { ...sequence, without: { ...without, same } },
          })),
          ...less(without.since).map(([gone, since]) => ({
            what: `without, not since ${gone}`,
            sequence: { ...sequence, without: { ...without, since } },
          })),
        ]
      : []),
  ];
}

function weakened(step: SequenceStep, place: number, byActor: boolean): [string, SequenceStep][] {
  return [
    ...(step.activity.length > 1
      ? less(step.activity).map(([gone, activity]): [string, SequenceStep] => [`${gone} counts not`, { ...step, activity }])
      : []),
    ["by the other", { ...step, by: step.by === "person" ? "anyone" : "person" }],
    ...(place === 0 ? [] : less(step.same))
      .filter(([gone]) => !(byActor && gone === "actor"))
      .map(([gone, same]): [string, SequenceStep] => [`of any ${gone}`, { ...step, same }]),
    ...less(step.different).map(([gone, different]): [string, SequenceStep] => [`of the same ${gone}`, { ...step, different }]),
    ...scaled(step.withinMs).map(([what, withinMs]): [string, SequenceStep] => [`within ${what}`, { ...step, withinMs }]),
  ];
}

function scaled(ms: number | undefined): [string, number][] {
  return ms === undefined
    ? []
    : [
        ["halved", ms / 2],
        ["a minute longer", ms + 60_000],
      ];
}

function less<T extends string>(values: readonly T[]): [T, T[]][] {
  return values.map((gone) => [gone, values.filter((value) => value !== gone)]);
}
