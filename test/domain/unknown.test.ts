import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Gap } from "../../src/domain/loop.ts";
import { groupUnknowns, type UnknownLoops } from "../../src/domain/unknown.ts";

const gap = (type: string, from: number, to: number, why: Gap["why"] = "not-covered"): Gap => ({ type, from, to, why });
const blind = (count: number, ...gaps: Gap[]): UnknownLoops => ({ site: "north", signal: "s", reason: "gap", gaps, count });

describe("what nobody can judge", () => {
  it("is one line for loops whose gaps meet, and another for another gap, feed or signal", () => {
    const lines = groupUnknowns([
      blind(1, gap("Task", 1, 3)),
      blind(2, gap("Task", 2, 4)),
      blind(1, gap("Task", 9, 10)),
      blind(1, gap("Task", 2, 3), gap("AuditEvent", 2, 3)),
      { ...blind(1, gap("Task", 2, 3)), signal: "t" },
    ]);
    expect(lines.map(({ signal, gap: line, count }) => [signal, line?.types.join(), line?.from, line?.to, count])).toEqual([
      ["s", "Task", 1, 4, 3],
      ["s", "Task", 9, 10, 1],
      ["s", "AuditEvent,Task", 2, 3, 1],
      ["t", "Task", 2, 3, 1],
    ]);
  });

  it("is one line a signal where no gap is the reason", () => {
    const never = { ...blind(2), reason: "never-seen" as const };
    expect(groupUnknowns([never, never]).map(({ gap: line, count, reason }) => [line, count, reason])).toEqual([
      [undefined, 4, "never-seen"],
    ]);
  });

  it("adds up to all of it, whatever the gaps", () => {
    const anyGap = fc
      .tuple(fc.constantFrom("Task", "AuditEvent"), fc.nat(50), fc.integer({ min: 1, max: 9 }))
      .map(([type, from, length]) => gap(type, from, from + length));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), fc.array(anyGap, { minLength: 1 }))), (loops) => {
        const lines = groupUnknowns(loops.map(([count, gaps]) => blind(count, ...gaps)));
        expect(lines.reduce((total, { count }) => total + count, 0)).toBe(loops.reduce((total, [count]) => total + count, 0));
      }),
    );
  });
});
