import { describe, expect, test } from "vitest";
import { parseSignal } from "../../src/signals/parse-signal.ts";
import { runExample } from "../../src/signals/run-example.ts";
import { signalText, type Change } from "./signal-text.ts";

function run(...changes: readonly Change[]) {
  const file = parseSignal(signalText(...changes), "s.yaml");
  return runExample(file, file.examples[0]!);
}

const expectation = "expect: { verdict: missed }";

describe("an example", () => {
  test("passes where detection says what it expects, of what it names", () => {
    const { passed, expected, actual, explanation } = run();
    expect({ passed, expected, count: actual.length }).toEqual({ passed: true, expected: [{ verdict: "missed" }], count: 1 });
    expect(explanation).toBe(`expected:
  missed
detected:
  Task/t, opened 2026-03-02T09:00Z by task.requested, due 2026-03-04T09:00Z (P2D, local default), not met: missed`);
  });

  test.each([
    ["another verdict", "expect: { verdict: pending }"],
    ["another due", "expect: { verdict: missed, dueAt: 2026-03-04T09:01Z }"],
    ["another opening", "expect: { verdict: missed, openedAt: 2026-03-02T09:01Z }"],
    ["another record", "expect: { verdict: missed, subject: Task/u }"],
    ["a closing that was not", "expect: { verdict: missed, metAt: 2026-03-02T10:00Z }"],
    ["a reason", "expect: { verdict: unknown, reason: gap }"],
    ["no loop", "expect: none"],
    ["two loops", "expect: [{ verdict: missed }, { verdict: missed }]"],
  ])("fails where it expects %s", (_, other) => {
    expect(run([expectation, other]).passed).toBe(false);
  });

  test("says what was expected and what was detected instead", () => {
    const { explanation } = run(
      [
        expectation,
        "gaps: { Task: [[2026-03-03T00:00Z, 2026-03-03T01:00Z]] }\n    expect: { verdict: missed, subject: Task/t, metAt: 2026-03-04T09:00Z }",
      ],
      [
        "activity: task.requested, subject: Task/t }",
        "activity: task.requested, subject: Task/t }\n      - { at: 2026-03-04T09:00:30Z, activity: task.completed, subject: Task/t }",
      ],
      ["now: 2026-03-04T09:00Z", "now: 2026-03-05T09:00Z"],
    );
    expect(explanation).toBe(`expected:
  Task/t, met 2026-03-04T09:00Z, missed
detected:
  Task/t, opened 2026-03-02T09:00Z by task.requested, due 2026-03-04T09:00Z (P2D, local default), met 2026-03-04T09:00:30.000Z by event-2, Task not seen from 2026-03-03T00:00Z to 2026-03-03T01:00Z: unknown (gap)`);
  });

  test("says so where no loop was detected", () => {
    expect(run(["{ at: 2026-03-02T09:00Z, activity: task.requested", "{ at: 2026-03-02T09:00Z, activity: task.started"]).explanation).toBe(
      "expected:\n  missed\ndetected:\n  no loop",
    );
  });
});
