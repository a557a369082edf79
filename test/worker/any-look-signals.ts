import fc from "fast-check";
import type { SignalHistory } from "../../src/detect/detection.ts";
import type { Instant } from "../../src/domain/instant.ts";
import type { LoopTemplate, Precondition, SequenceTemplate } from "../../src/domain/signal.ts";
import { catalogue } from "./scan-resources.ts";

const minuteMs = 60_000;

const sometimes = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined, freq: 1 });
const some = <T extends string>(...of: readonly T[]): fc.Arbitrary<T[]> => fc.subarray([...of], { minLength: 1 });
const by = fc.constantFrom("person" as const, "anyone" as const);
const grade = fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const);

/** Closed by looks on the record, or by what is none. */
const anyLoop: fc.Arbitrary<LoopTemplate> = fc
  .record({
    opens: some("result.issued", "result.amended", "task.requested"),
    kind: sometimes(fc.constant({ where: { kind: ["laboratory" as const] } })),
    isAfter: fc.boolean(),
    closes: fc.array(
      fc.record({
        activity: fc.oneof(
          { weight: 2, arbitrary: some("result.acknowledged", "chart.opened").map((more) => ["result.viewed" as const, ...more]) },
          some("result.acknowledged", "result.actioned", "task.completed"),
        ),
        by,
        gradeAtLeast: grade,
        early: sometimes(fc.constant({ earlyMs: 240 * minuteMs })),
      }),
      { minLength: 1, maxLength: 2 },
    ),
    hours: fc.integer({ min: 1, max: 40 }),
  })
  .map(({ opens, kind, isAfter, closes, hours }) => ({
    opens: [{ activity: opens, ...kind, ...(isAfter && { after: [{ activity: ["result.acknowledged"], same: "subject" }] }) }],
    closes: closes.map(({ early, ...clause }) => ({ ...clause, ...early })),
    cancels: [{ activity: ["patient.died"], same: "patient" }],
    limits: [{ withinMs: hours * 60 * minuteMs, duration: `PT${String(hours)}H`, basis: "policy" }],
  }));

/** Without a look by the same person before. */
const anySequence: fc.Arbitrary<SequenceTemplate> = fc
  .record({
    steps: fc.array(fc.record({ activity: some("result.acknowledged", "result.actioned", "task.completed"), by }), {
      minLength: 1,
      maxLength: 2,
    }),
    more: fc.subarray(["chart.opened" as const, "result.communicated" as const]),
    same: fc.subarray(["subject" as const, "patient" as const]),
    gradeAtLeast: grade,
    by,
    since: some("result.issued", "result.preliminary", "result.amended", "task.requested"),
  })
  .map(({ steps, more, same, since, ...without }) => ({
    steps: steps.map((step, place) => ({
      ...step,
      same: place > 0 ? ["subject"] : [],
      different: [],
      ...(place > 0 && { withinMs: 3_000 * minuteMs }),
    })),
    without: { ...without, activity: ["result.viewed", ...more], same: [...same, "actor"], since },
  }));

const viewed = ["result.viewed"] as const;
const closing = { activity: viewed, by: "person" } as const;
/** Each way of taking looks of which it cannot be told beforehand which bear on the signal. */
const loopWays: Readonly<Record<string, (loop: LoopTemplate) => LoopTemplate>> = {
  "opens with them": (loop) => ({ ...loop, opens: [...loop.opens, { activity: viewed }] }),
  "opens after them": (loop) => withAfter(loop, { activity: viewed, same: "subject" }),
  "opens after what came before the first of them": (loop) =>
    withAfter(
      { ...loop, closes: [{ activity: ["result.acknowledged"], by: "anyone" }] },
      { activity: ["result.acknowledged", "result.issued"], same: "subject", beforeFirst: viewed },
    ),
  "is cancelled by them": (loop) => ({ ...loop, cancels: [{ activity: viewed, same: "patient" }] }),
  "is excused by them": (loop) => ({ ...loop, unless: [{ name: "seen", activity: viewed, same: "patient", withinMs: 400 * minuteMs }] }),
  "closes with those on other records": (loop) => ({ ...loop, closes: [{ ...closing, same: ["patient"] }] }),
  "closes with those of some attribute": (loop) => ({ ...loop, closes: [{ ...closing, where: { kind: ["laboratory"] } }] }),
  "closes with those of some record": (loop) => ({ ...loop, closes: [{ ...closing, via: "provenance" }] }),
};
const sequenceWays: Readonly<Record<string, (sequence: SequenceTemplate) => SequenceTemplate>> = {
  "begins with them": (sequence) => ({
    ...sequence,
    steps: sequence.steps.map((step) => ({ ...step, activity: [...step.activity, ...viewed] })),
  }),
  "goes on with them": ({ steps, ...sequence }) => ({
    ...sequence,
    steps: [...steps.slice(0, 1), { activity: viewed, by: "anyone", same: ["subject"], different: [], withinMs: 600 * minuteMs }],
  }),
  "looks for what should have come since them": (sequence) => ({
    ...sequence,
    ...(sequence.without && { without: { ...sequence.without, since: viewed } }),
  }),
  "looks for anybody's": (sequence) => ({ ...sequence, ...(sequence.without && { without: { ...sequence.without, same: ["subject"] } }) }),
};

function withAfter(loop: LoopTemplate, step: Precondition): LoopTemplate {
  return { ...loop, opens: loop.opens.map((clause) => ({ ...clause, after: [step] })) };
}

export type Template = { readonly loop: LoopTemplate } | { readonly sequence: SequenceTemplate };

/** One or two definitions of one template. */
export const versions = <T extends Template>(template: fc.Arbitrary<T>): fc.Arbitrary<Template[]> =>
  fc.array(template, { minLength: 1, maxLength: 2 });
export const anySignal = fc.oneof(versions(anyLoop.map((loop) => ({ loop }))), versions(anySequence.map((sequence) => ({ sequence }))));

/** As a site holds them, the second of two in force from that instant on. */
export function inForce(signals: readonly (readonly Template[])[], secondFrom: Instant): SignalHistory[] {
  return signals.map((templates, number) => {
    const id = `signal-${String(number)}`;
    const { loop: _, ...head } = catalogue[0]!;
    return {
      id,
      versions: templates.map((template, place) => ({
        from: place === 0 ? -Infinity : secondFrom,
        signal: { ...head, id, version: place + 1, ...template },
      })),
    };
  });
}

/** The same as templates, by what they do with looks. */
export const ways: Record<string, fc.Arbitrary<Template>> = {
  ...Object.fromEntries(Object.entries(loopWays).map(([name, change]) => [name, anyLoop.map((loop) => ({ loop: change(loop) }))])),
  ...Object.fromEntries(
    Object.entries(sequenceWays).map(([name, change]) => [name, anySequence.map((sequence) => ({ sequence: change(sequence) }))]),
  ),
};
