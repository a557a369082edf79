import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { isCancelled, judgeLoop, judgePossibilities, type Candidate, type Judging } from "../../src/domain/judge.ts";

/** Due at 100, seen whole, nothing closing it. */
const loop = (more: Partial<Candidate> = {}): Candidate => ({
  dueAt: 100,
  decidedByUpperBound: false,
  voided: false,
  hasGap: false,
  onlyTailIsOpen: true,
  ...more,
});
const at = (now: number, more: Partial<Judging> = {}): Judging => ({ now, closingSeen: true, blindAfterMs: 10, ...more });
const say = (candidate: Candidate, judging: Judging): string => {
  const { verdict, reason } = judgeLoop(candidate, judging);
  return reason === undefined ? verdict : `${verdict}: ${reason}`;
};

describe("the judgement of a loop, line by line", () => {
  test.each([
    ["voided, even after due", loop({ voided: true, metAt: 120 }), at(200), "cancelled"],
    ["cancelled strictly before due and met", loop({ cancelledAt: 99, metAt: 100 }), at(200), "cancelled"],
    ["a cancellation at the instant it was met comes too late", loop({ cancelledAt: 50, metAt: 50 }), at(200), "met"],
    ["a cancellation at due comes too late", loop({ cancelledAt: 100 }), at(200), "missed"],
    ["met exactly at due", loop({ metAt: 100 }), at(200), "met"],
    ["met, whatever could not be seen", loop({ metAt: 100, hasGap: true, onlyTailIsOpen: false }), at(200), "met"],
    ["pending until due", loop(), at(99), "pending"],
    ["missed at due", loop(), at(100), "missed"],
    ["late where something closed it after due", loop({ metAt: 101 }), at(200), "late"],
    ["never seen comes before missed", loop(), at(200, { closingSeen: false }), "unknown: never-seen"],
    ["decided by an upper bound", loop({ metAt: 101, decidedByUpperBound: true }), at(200), "unknown: time-not-recorded"],
    ["an upper bound in time is met", loop({ metAt: 100, decidedByUpperBound: true }), at(200), "met"],
    ["data still awaited", loop({ hasGap: true }), at(109), "pending"],
    ["no longer awaited", loop({ hasGap: true }), at(110), "unknown: gap"],
    ["a gap in the middle is never awaited", loop({ hasGap: true, onlyTailIsOpen: false }), at(101), "unknown: gap"],
    ["a gap before a late closing", loop({ hasGap: true, metAt: 101 }), at(101), "unknown: gap"],
  ])("%s", (_, candidate, judging, verdict) => {
    expect(say(candidate, judging)).toBe(verdict);
  });
});

describe("a loop whose urgency rests on an Observation that is not held", () => {
  const [soon, later] = [loop({ dueAt: 100 }), loop({ dueAt: 1_000 })];
  test.each([
    ["where all agree, that verdict with the latest due", [soon, later], at(2_000), { verdict: "missed", dueAt: 1_000 }],
    [
      "where they differ, nobody can say, with the earliest due",
      [soon, later],
      at(500),
      { verdict: "unknown", reason: "observation-not-brought", dueAt: 100 },
    ],
    ["not opened agrees with met", [loop({ metAt: 50 }), "not-opened" as const], at(500), { verdict: "met", dueAt: 100 }],
    [
      "not opened does not agree with missed",
      [soon, "not-opened" as const],
      at(500),
      { verdict: "unknown", reason: "observation-not-brought", dueAt: 100 },
    ],
    [
      "before the earliest due it is pending, whether or not it opened",
      [soon, "not-opened" as const],
      at(99),
      { verdict: "pending", dueAt: 100 },
    ],
  ])("%s", (_, possibilities, judging, judgement) => {
    expect(judgePossibilities(possibilities, judging)).toEqual(judgement);
  });
});

const instant = fc.integer({ min: 0, max: 300 });
const candidates = fc.record(
  {
    dueAt: instant,
    metAt: instant,
    cancelledAt: instant,
    decidedByUpperBound: fc.boolean(),
    voided: fc.boolean(),
    hasGap: fc.boolean(),
    onlyTailIsOpen: fc.boolean(),
  },
  { requiredKeys: ["dueAt", "decidedByUpperBound", "voided", "hasGap", "onlyTailIsOpen"] },
);

test("absence is asserted only of what was seen whole, at a site where closing evidence was ever seen", () => {
  fc.assert(
    fc.property(candidates, instant, fc.boolean(), (candidate, now, closingSeen) => {
      const { verdict } = judgeLoop(candidate, at(now, { closingSeen }));
      if (verdict === "late" || verdict === "missed") {
        expect([candidate.hasGap, closingSeen, candidate.decidedByUpperBound, isCancelled(candidate)]).toEqual([false, true, false, false]);
      }
    }),
  );
});

test("once decided in time it stays so: no later instant changes met or cancelled", () => {
  fc.assert(
    fc.property(candidates, instant, instant, (candidate, now, more) => {
      const first = judgeLoop(candidate, at(now)).verdict;
      if (first === "met" || first === "cancelled") expect(judgeLoop(candidate, at(now + more)).verdict).toBe(first);
    }),
  );
});
