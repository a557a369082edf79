import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { possibleSteps, statuses, statusOf, steps, type PastStep, type Step } from "../../src/domain/status.ts";
import type { Verdict } from "../../src/domain/verdict.ts";

const verdicts: readonly Verdict[] = ["met", "pending", "late", "missed", "unknown", "cancelled"];
const anyStep = fc.record({
  step: fc.constantFrom(...steps),
  reviewer: fc.constantFrom("ann", "ben"),
  at: fc.integer(),
  verdict: fc.constantFrom(...verdicts),
});
const anyLoop = fc.record({ verdict: fc.constantFrom(...verdicts) });

/** Steps by one reviewer on a missed finding: `take dismiss@unknown`. */
function past(text: string, reviewer = "ann"): PastStep[] {
  return text
    .split(" ")
    .filter(Boolean)
    .map((word, at) => {
      const [step, verdict = "missed"] = word.split("@");
      return { step: step as Step, reviewer, at, verdict: verdict as Verdict };
    });
}

describe("the status of a finding", () => {
  it.each([
    ["", "open"],
    ["take", "in-review"],
    ["take release", "open"],
    ["confirm", "confirmed"],
    ["take confirm close", "closed"],
    ["take confirm close reopen", "open"],
    ["dismiss", "dismissed"],
    ["dismiss reopen take", "in-review"],
    ["assign snooze escalate note", "open"],
    ["take undo", "open"],
    ["take confirm undo", "in-review"],
    ["take confirm undo undo", "open"],
    ["confirm note undo", "confirmed"],
    ["undo", "open"],
    ["close", "open"],
    ["take take", "in-review"],
  ])("after %j is %s", (text, status) => {
    expect(statusOf(past(text), { verdict: "missed" })).toEqual({ status });
  });

  it("is resolved where nobody judged it and it is met or cancelled", () => {
    expect(statusOf([], { verdict: "met" })).toEqual({ status: "resolved" });
    expect(statusOf(past("assign note"), { verdict: "cancelled" })).toEqual({ status: "resolved" });
    expect(statusOf(past("dismiss undo"), { verdict: "met" })).toEqual({ status: "resolved" });
    expect(statusOf(past("take"), { verdict: "met" })).toEqual({ status: "in-review" });
    expect(statusOf(past("confirm"), { verdict: "met" })).toEqual({ status: "confirmed" });
    expect(statusOf(past("dismiss reopen"), { verdict: "met" })).toEqual({ status: "open" });
  });

  it.each([
    ["dismiss@unknown", "late", "open"],
    ["dismiss@unknown", "missed", "open"],
    ["dismiss@late", "missed", "open"],
    ["confirm@late close@late", "missed", "open"],
    ["dismiss@missed", "missed", "dismissed"],
    ["dismiss@missed", "late", "dismissed"],
    ["dismiss@missed", "met", "dismissed"],
    ["dismiss@late", "unknown", "dismissed"],
    ["dismiss@unknown", "pending", "dismissed"],
    ["confirm@unknown", "missed", "confirmed"],
  ] as const)("after %j is, now %s, %s", (text, verdict, status) => {
    expect(statusOf(past(text), { verdict }).status).toBe(status);
  });

  it("says why it is open again", () => {
    expect(statusOf(past("dismiss@unknown"), { verdict: "missed" })).toEqual({
      status: "open",
      reason: "dismissed when it was unknown; it is now missed",
    });
  });

  it("goes on from open where it was open again when the next step was made", () => {
    expect(statusOf(past("dismiss@unknown take@missed"), { verdict: "missed" })).toEqual({ status: "in-review" });
    expect(statusOf(past("dismiss@unknown dismiss@missed"), { verdict: "missed" })).toEqual({ status: "dismissed" });
  });

  it("takes back the last step of the same reviewer, not of another", () => {
    const ben = past("note undo", "ben");
    expect(statusOf([...past("take"), ...ben], { verdict: "missed" })).toEqual({ status: "in-review" });
  });

  it("is one of the statuses whatever steps were appended in whatever order", () => {
    fc.assert(fc.property(fc.array(anyStep), anyLoop, (reviews, loop) => statuses.includes(statusOf(reviews, loop).status)));
  });

  it("is never resolved where a judgement stands, or where the loop is still a finding", () => {
    fc.assert(
      fc.property(fc.array(anyStep), anyLoop, (reviews, loop) => {
        const judged = reviews.filter(({ step }) => step !== "undo");
        const isJudged = judged.some(({ step }) => ["confirm", "dismiss", "close", "reopen"].includes(step));
        const isOver = loop.verdict === "met" || loop.verdict === "cancelled";
        const { status } = statusOf(judged, loop);
        expect(status === "resolved" && (isJudged || !isOver)).toBe(false);
      }),
    );
  });

  it("is never opened again by closing evidence", () => {
    fc.assert(
      fc.property(fc.array(anyStep), fc.constantFrom<Verdict>("met", "cancelled", "pending"), (reviews, verdict) => {
        const before = statusOf(reviews, { verdict: "unknown" }).status;
        fc.pre(before === "dismissed" || before === "closed");
        expect(statusOf(reviews, { verdict }).status).toBe(before);
      }),
    );
  });

  it("is moved by no note, assignment, snooze or escalation", () => {
    const still = ["assign", "snooze", "escalate", "note"];
    fc.assert(
      fc.property(fc.array(anyStep), anyLoop, (reviews, loop) => {
        const made = reviews.filter(({ step }) => step !== "undo");
        expect(statusOf(made, loop)).toEqual(
          statusOf(
            made.filter(({ step }) => !still.includes(step)),
            loop,
          ),
        );
      }),
    );
  });

  it("is what it was before a step and its undo", () => {
    fc.assert(
      fc.property(fc.array(anyStep), anyStep, anyLoop, (reviews, last, loop) => {
        fc.pre(last.step !== "undo");
        expect(statusOf([...reviews, last, { ...last, step: "undo" }], loop)).toEqual(statusOf(reviews, loop));
      }),
    );
  });
});

describe("the steps that are possible", () => {
  it("are those that the status allows, and those that move none", () => {
    expect(possibleSteps([], { verdict: "missed" }, "ann")).toEqual(["take", "confirm", "dismiss", "assign", "snooze", "escalate", "note"]);
    expect(possibleSteps(past("confirm"), { verdict: "missed" }, "ann")).toEqual(["close", "assign", "snooze", "escalate", "undo", "note"]);
    expect(possibleSteps([], { verdict: "met" }, "ann")).toEqual(["assign", "snooze", "escalate", "note"]);
  });

  it("hold no undo of what another has since moved on from", () => {
    const others = past("confirm", "ben");
    expect(possibleSteps([...past("take"), ...others], { verdict: "missed" }, "ann")).not.toContain("undo");
    expect(possibleSteps([...past("take"), ...past("note", "ben")], { verdict: "missed" }, "ann")).toContain("undo");
    expect(possibleSteps(others, { verdict: "missed" }, "ann")).not.toContain("undo");
  });

  it("each move the status or leave it, as they say", () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 6 }), anyLoop, (reviews, loop) => {
        const { status } = statusOf(reviews, loop);
        for (const step of possibleSteps(reviews, loop, "ann")) {
          if (step === "undo") continue;
          const after = statusOf([...reviews, { step, reviewer: "ann", at: 0, verdict: loop.verdict }], loop).status;
          const moves = ["take", "release", "confirm", "dismiss", "close", "reopen"].includes(step);
          expect([step, after !== status]).toEqual([step, moves]);
        }
      }),
    );
  });
});
