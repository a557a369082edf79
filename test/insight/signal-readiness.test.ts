import { expect, test } from "vitest";
import type { Interval } from "../../src/domain/instant.ts";
import { judgeReadiness, type Sight } from "../../src/insight/signal-readiness.ts";
import { readCatalogue } from "../../src/signals/catalogue.ts";

const signal = readCatalogue().find((file) => file.signal.id === "result-unacknowledged")!.signal;
const gap: Interval = { from: 1_000, to: 2_000 };

/** A site that has these feeds, each with the gaps given. */
function sight(gaps: Readonly<Record<string, readonly Interval[]>>, more: Partial<Sight> = {}): Sight {
  return { gaps: new Map(Object.entries(gaps)), canRun: true, closingSeen: true, ...more };
}

const whole = { DiagnosticReport: [], Observation: [], Encounter: [], Task: [], AuditEvent: [], Provenance: [] };

test("a signal that sees all that it needs simply runs", () => {
  expect(judgeReadiness(signal, true, sight(whole))).toEqual({
    id: signal.id,
    version: signal.version,
    isOn: true,
    state: "runs",
    because: [],
    besides: [],
  });
});

test("feeds with the same gap are told together, an opening feed apart: what opened then is in no list", () => {
  const { state, because } = judgeReadiness(signal, true, sight({ ...whole, DiagnosticReport: [gap], Task: [gap], AuditEvent: [gap] }));
  expect(state).toBe("blind");
  expect(because.map(({ kind, says, gaps }) => [kind, says, gaps])).toEqual([
    ["gap", "DiagnosticReport was not looked at: what opened then is in no list", [gap]],
    ["gap", "AuditEvent and Task were not seen: a loop that nothing else ended by then is unknown", [gap]],
  ]);
});

test("where nobody ever recorded what ends its loops it runs blind, and where it was never judged nothing is said of that", () => {
  expect(judgeReadiness(signal, true, sight(whole, { closingSeen: false })).because.map(({ kind }) => kind)).toEqual(["never-seen"]);
  const { closingSeen: _, ...notJudged } = sight(whole);
  expect(judgeReadiness(signal, false, notJudged).state).toBe("runs");
});

test("without a feed that opens or ends its loops it cannot run, and the feeds to export are named", () => {
  const { state, because, besides } = judgeReadiness(signal, true, sight({ Patient: [] }, { canRun: false, closingSeen: false }));
  expect({ state, besides }).toEqual({ state: "cannot-run", besides: [] });
  expect(because.map(({ kind, mend }) => [kind, mend])).toEqual([
    ["no-opening-feed", "Export DiagnosticReport as well, and scan again."],
    ["no-closing-feed", "Export AuditEvent, Provenance or Task as well, and scan again."],
  ]);
});

test("a feed that could tell more and is not read is mentioned, and blinds nothing", () => {
  const { Provenance: _, ...without } = whole;
  const { state, besides } = judgeReadiness(signal, true, sight(without));
  expect({ state, besides: besides.map(({ kind, says }) => [kind, says]) }).toEqual({
    state: "runs",
    besides: [["unread-feed", "Provenance is not read here; what it says is missing from the evidence, and not looked for."]],
  });
});
