import { describe, expect, it } from "vitest";
import { caseKeyOf, type CaseWorld } from "../../src/domain/case-key.ts";
import type { Facts } from "../../src/domain/facts.ts";
import { nameOf, recordKey } from "../../src/domain/key.ts";

/** Records by name with what they rest on; a Task rests on its `focus` first. */
function world(grounds: Readonly<Record<string, readonly string[]>>): CaseWorld {
  return {
    newest: (name) => {
      const refs = grounds[name]?.map((key) => ({ key }));
      if (!refs) return undefined;
      const [type] = name.split("/");
      const own = type === "Task" ? { focus: refs[0], basedOn: refs.slice(1) } : { basedOn: refs };
      return { type, ...own } as unknown as Facts;
    },
    resolve: (ref) => (nameOf(ref) === "system|number" ? "ServiceRequest/o" : nameOf(ref)),
    keyOf: (name) => recordKey("site", name),
  };
}

describe("the case of a record", () => {
  it.each([
    ["a report without an order is its own", { "DiagnosticReport/r": [] }, "DiagnosticReport/r", "DiagnosticReport/r"],
    ["a report is its order's, read or not", { "DiagnosticReport/r": ["ServiceRequest/o"] }, "DiagnosticReport/r", "ServiceRequest/o"],
    ["an order is its own", { "ServiceRequest/o": [] }, "ServiceRequest/o", "ServiceRequest/o"],
    [
      "a Task on a report is the report's order's",
      { "Task/t": ["DiagnosticReport/r"], "DiagnosticReport/r": ["ServiceRequest/o"] },
      "Task/t",
      "ServiceRequest/o",
    ],
    [
      "a Task on a report without an order is the report's",
      { "Task/t": ["DiagnosticReport/r"], "DiagnosticReport/r": [] },
      "Task/t",
      "DiagnosticReport/r",
    ],
    ["a Task that rests on nothing is its own", { "Task/t": [] }, "Task/t", "Task/t"],
    ["an identifier names its order", { "DiagnosticReport/r": ["system|number"] }, "DiagnosticReport/r", "ServiceRequest/o"],
    ["what is no order, report or Task is no ground", { "ServiceRequest/o": ["CarePlan/c"] }, "ServiceRequest/o", "ServiceRequest/o"],
    [
      "orders that rest on orders are followed to the first",
      { "DiagnosticReport/r": ["ServiceRequest/b"], "ServiceRequest/b": ["ServiceRequest/a"], "ServiceRequest/a": [] },
      "DiagnosticReport/r",
      "ServiceRequest/a",
    ],
  ])("%s", (_, grounds, record, key) => {
    expect(caseKeyOf(world(grounds), record)).toBe(key);
  });

  it("is of several orders the least-keyed, however they are listed", () => {
    const orders = ["ServiceRequest/a", "ServiceRequest/b", "MedicationRequest/c"];
    const [least] = [...orders].sort((a, b) => (recordKey("site", a) < recordKey("site", b) ? -1 : 1));
    expect(caseKeyOf(world({ "DiagnosticReport/r": orders }), "DiagnosticReport/r")).toBe(least);
    expect(caseKeyOf(world({ "DiagnosticReport/r": orders.toReversed() }), "DiagnosticReport/r")).toBe(least);
  });

  it("is one for orders that rest on one another", () => {
    const ring = world({ "ServiceRequest/a": ["ServiceRequest/b"], "ServiceRequest/b": ["ServiceRequest/a"] });
    expect(caseKeyOf(ring, "ServiceRequest/a")).toBe(caseKeyOf(ring, "ServiceRequest/b"));
  });
});
