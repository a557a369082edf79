import { describe, expect, test } from "vitest";
import { parseSignal } from "../../src/signals/parse-signal.ts";
import { signalText, type Change } from "./signal-text.ts";

const hourMs = 3_600_000;

function loopOf(...changes: readonly Change[]) {
  const { loop } = parseSignal(signalText(...changes), "s.yaml").signal;
  if (!loop) throw new Error("the small signal has a loop");
  return loop;
}

describe("a signal file", () => {
  test("is compiled with its defaults filled in", () => {
    const { signal, examples } = parseSignal(signalText(), "s.yaml");
    expect({ signal, examples }).toEqual({
      signal: {
        id: "small-signal",
        version: 1,
        tier: "experimental",
        severity: "low",
        title: "A small signal",
        means: "It stands for any other.",
        oftenHarmless: ["Always."],
        nextSteps: ["None."],
        references: [{ title: "Local default", reviewBy: "2027-04-01" }],
        hazards: ["H-05"],
        loop: {
          opens: [{ activity: ["task.requested"] }],
          closes: [{ activity: ["task.completed"], by: "anyone" }],
          cancels: [{ activity: ["task.cancelled"], same: "subject" }],
          limits: [
            { where: { priority: ["urgent", "stat", "asap"] }, withinMs: 24 * hourMs, duration: "P1D", basis: "local default" },
            { withinMs: 48 * hourMs, duration: "P2D", basis: "local default" },
          ],
        },
      },
      examples: [
        {
          name: "not done for two days",
          now: Date.UTC(2026, 2, 4, 9),
          events: [
            {
              id: "event-1",
              activity: "task.requested",
              at: Date.UTC(2026, 2, 2, 9),
              end: Date.UTC(2026, 2, 2, 9),
              precision: "instant",
              subject: "Task/t",
              subjectRead: true,
              saying: "Task/t",
              actorKind: "human",
              byPerson: true,
              grade: 3,
              via: "task",
              sequence: 0,
              patient: "Patient/p",
            },
          ],
          gaps: {},
          neverSeen: false,
          roles: [],
          expect: [{ verdict: "missed" }],
        },
      ],
    });
  });

  test("takes a closing for a person's where only people do it", () => {
    const { closes } = loopOf(["activity: task.completed", "activity: [result.viewed, task.completed, result.communicated], early: PT5M"]);
    expect(closes).toEqual([
      { activity: ["result.viewed", "result.communicated"], by: "person", earlyMs: hourMs / 12 },
      { activity: ["task.completed"], by: "anyone", earlyMs: hourMs / 12 },
    ]);
  });

  test("may say otherwise", () => {
    expect(loopOf(["activity: task.completed", "activity: result.acknowledged, by: anyone"]).closes).toEqual([
      { activity: ["result.acknowledged"], by: "anyone" },
    ]);
    expect(
      loopOf(["activity: task.completed", "activity: order.resulted, by: person, whenever: true, grade: 2, via: report"]).closes,
    ).toEqual([{ activity: ["order.resulted"], by: "person", whenever: true, gradeAtLeast: 2, via: "report" }]);
  });

  test("counts as urgent those priorities that have no row of their own", () => {
    const { limits } = loopOf([
      "    - { within: P2D",
      "    - { where: { priority: stat }, within: PT4H, basis: local default }\n    - { within: P2D",
    ]);
    expect(limits.map(({ where }) => where?.priority)).toEqual([["urgent", "asap"], ["stat"], undefined]);
  });

  test("may rest on the record's own due date, and on what was told before", () => {
    const loop = loopOf(
      ["    - { where: { priority: urgent }, within: P1D,", "    - { at: due,"],
      ["  limits:", "  unless: { told-within: P7D }\n  limits:"],
    );
    expect(loop.limits[0]).toEqual({ duration: "due", basis: "local default" });
    expect(loop.unlessToldWithinMs).toBe(7 * 24 * hourMs);
  });

  test("means by a date in an example the whole day in England", () => {
    const { examples } = parseSignal(
      signalText(["at: 2026-03-02T09:00Z, activity: task.requested", "at: 2026-06-02, due: 2026-06-03, activity: task.requested"]),
      "s.yaml",
    );
    expect(examples[0]?.events[0]).toMatchObject({
      at: Date.UTC(2026, 5, 1, 23),
      end: Date.UTC(2026, 5, 2, 23),
      precision: "day",
      due: Date.UTC(2026, 5, 3, 23),
    });
  });
});
