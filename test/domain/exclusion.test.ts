import { describe, expect, it } from "vitest";
import { exclusionsOf, type Excluding } from "../../src/domain/exclusion.ts";
import type { Signal } from "../../src/domain/signal.ts";
import { readCatalogue } from "../../src/signals/catalogue.ts";

const signal = (id: string): Signal => readCatalogue().find((file) => file.signal.id === id)!.signal;
const seen: Excluding = {
  voided: false,
  perhapsCancelledBy: [],
  gaps: [],
  feeds: new Set(["DiagnosticReport", "ServiceRequest", "Patient", "Task"]),
};
const outcomes = (id: string, loop: Partial<Excluding>): string[] =>
  exclusionsOf(signal(id), { ...seen, ...loop }).map(({ name, outcome }) => `${name} ${outcome}`);

describe("the exclusions of a finding", () => {
  it("are those that its signal names, the next version of a result, and entered in error", () => {
    expect(outcomes("result-no-action", {})).toEqual([
      "withdrawn not-met",
      "died not-met",
      "newer-version not-met",
      "entered-in-error not-met",
    ]);
    expect(outcomes("task-overdue", {})).toEqual(["rejected not-met", "failed not-met", "cancelled not-met", "entered-in-error not-met"]);
  });

  it("are met by what cancelled the loop", () => {
    expect(outcomes("order-unresulted", { cancelledBy: "order.revoked" })).toEqual([
      "revoked met",
      "died not-met",
      "entered-in-error not-met",
    ]);
    expect(outcomes("result-unacknowledged", { cancelledBy: "result.amended" })).toEqual([
      "withdrawn not-met",
      "newer-version met",
      "entered-in-error not-met",
    ]);
    expect(outcomes("task-overdue", { voided: true })).toContain("entered-in-error met");
  });

  it("are without data where their feed has a gap, is not there, or says no time", () => {
    expect(outcomes("order-unresulted", { gaps: [{ type: "Patient", why: "not-covered", from: 0, to: 1 }] })).toEqual([
      "revoked not-met",
      "died no-data",
      "entered-in-error not-met",
    ]);
    expect(outcomes("order-unresulted", { feeds: new Set(["MedicationRequest"]) })).toEqual([
      "revoked not-met",
      "died no-data",
      "entered-in-error not-met",
    ]);
    expect(outcomes("order-unresulted", { perhapsCancelledBy: ["order.revoked"] })).toEqual([
      "revoked no-data",
      "died not-met",
      "entered-in-error not-met",
    ]);
  });
});
