import { describe, expect, test } from "vitest";
import { logicHash } from "../../src/signals/logic-hash.ts";
import { parseSignal } from "../../src/signals/parse-signal.ts";
import { readCatalogue } from "../../src/signals/catalogue.ts";
import { mutationsOf } from "./signal-mutations.ts";
import { signalText, type Change } from "./signal-text.ts";

function hashOf(...changes: readonly Change[]): string {
  return logicHash(parseSignal(signalText(...changes), "s.yaml").signal);
}

describe("the hash of a signal's logic", () => {
  test.each([
    ["its title", ["title: A small signal", "title: Another"]],
    ["a basis", ["P2D, basis: local default", "P2D, basis: a guideline"]],
    ["the spelling of a duration", ["within: P2D", "within: PT48H"]],
    ["a default that is spelt out", ["activity: task.completed", "activity: task.completed, by: anyone, same: subject"]],
    ["a single value in brackets", ["cancels: { activity: task.cancelled }", "cancels: [{ activity: [task.cancelled] }]"]],
  ] as const)("stays with a change of %s", (_, change) => {
    expect(hashOf(change)).toBe(hashOf());
  });

  test("stays where clauses and values stand in another order", () => {
    expect(hashOf(["activity: task.cancelled }", "activity: [task.failed, task.cancelled] }"])).toBe(
      hashOf(["activity: task.cancelled }", "activity: [task.cancelled, task.failed] }"]),
    );
    const closings = ["{ activity: task.completed }", "{ activity: task.started, early: PT1H }"];
    const [one, other] = [closings, closings.toReversed()].map((each) => hashOf(["{ activity: task.completed }", each.join("\n    - ")]));
    expect(one).toBe(other);
  });

  test("changes with the order of the limits, for the first that matches counts", () => {
    const rows = [
      "{ where: { priority: stat }, within: PT1H, basis: b }",
      "{ where: { priority: [stat, routine] }, within: PT2H, basis: b }",
    ];
    const [one, other] = [rows, rows.toReversed()].map((each) =>
      hashOf(["    - { within: P2D", `    - ${each.join("\n    - ")}\n    - { within: P2D`]),
    );
    expect(one).not.toBe(other);
  });

  test("changes with whatever an example notices", () => {
    const same = readCatalogue().flatMap(({ signal }) =>
      mutationsOf(signal)
        .filter((mutation) => logicHash(mutation.signal) === logicHash(signal))
        .map(({ what }) => `${signal.id}: ${what}`),
    );
    expect(same).toEqual([]);
  });
});
