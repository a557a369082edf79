import { expect, test } from "vitest";
import { readCatalogue } from "../../src/signals/catalogue.ts";
import { describeSignal } from "../../src/signals/describe-signal.ts";
import { parseSignal } from "../../src/signals/parse-signal.ts";
import { signalText } from "./signal-text.ts";

function sectionOf(description: string, title: string): string[] {
  const section = description.split("\n\n").find((each) => each.startsWith(title));
  return (section ?? "")
    .split("\n")
    .slice(1)
    .map((line) => line.trim());
}

test("a signal is told whole, in words", () => {
  const [file] = readCatalogue().filter(({ signal }) => signal.id === "result-unacknowledged");
  expect(describeSignal(file!.signal)).toBe(`Result not acknowledged in time
result-unacknowledged, version 1, tier worklist, severity high

A result came back and nobody recorded having dealt with it.

Opens when
  a final result is issued, or an amended result is issued (critical, abnormal or urgency not said)
  a preliminary result is issued (critical)

Must be followed, on the same record, by
  the result is acknowledged: through a task; by a person; for the first version, up to 5 minutes before counts too
  the result is acknowledged: by a person

Within (the first row that fits)
  critical           2 hours   RCPath KPI
  emergency setting  48 hours  RCEM 2017
  otherwise          14 days   Singh 2009

Cancelled when, before that
  the result is withdrawn
  a newer version of the result is issued (which is then judged itself)
  or, at any time, the record turns out to be entered in error

Needs these feeds
  to open: DiagnosticReport
  to close: AuditEvent, Provenance, Task
  to cancel: DiagnosticReport
  for urgency and setting: Encounter, Observation

Often harmless
  The clinician telephoned the patient before the report reached the EPR.
  The ward acted on a value seen on the analyser or told by telephone, and nobody returned to the report.
  Another team is following the patient up and acknowledged a later report of the same test.

Next steps
  Today, look for a phone call or letter about this result in the notes.
  If there is none, tell the requesting team (out of hours, the on-call team) and agree who acts on it.
  Whoever has dealt with it acknowledges it in the EPR, so that nobody else has to look again.

Rests on
  RCPath KPI on critical results: 97 % communicated within 2 hours (to be reviewed by 2027-04-01)
  RCEM 2017 on results of emergency departments (to be reviewed by 2027-04-01)
  Singh 2009, doi 10.1001/archinternmed.2009.263 (to be reviewed by 2027-10-01)

Controls these hazards
  H-03 A result comes back and nobody takes responsibility for it.
  H-06 A result is corrected after it was read, and the correction goes unnoticed.`);
});

test("limits are a table, the record's own due date first where it counts", () => {
  const [file] = readCatalogue().filter(({ signal }) => signal.id === "task-overdue");
  expect(sectionOf(describeSignal(file!.signal), "Within")).toEqual([
    "with a due date  by that date  the due date on the task itself",
    "stat priority    4 hours       local default",
    "asap priority    24 hours      local default",
    "urgent priority  3 days        local default",
    "otherwise        14 days       local default",
  ]);
});

test("what was told before, evidence of any time and its grade are said too", () => {
  const { signal } = parseSignal(
    signalText(
      ["{ activity: task.completed }", "{ activity: result.actioned, grade: 2, whenever: true, early: PT90M }"],
      ["  limits:", "  unless: { told-within: P7D }\n  limits:"],
    ),
    "s.yaml",
  );
  expect(sectionOf(describeSignal(signal), "Unless")).toEqual([
    "each critical value was told of within the 7 days before, at least as far out, by another result of the same patient",
  ]);
  expect(sectionOf(describeSignal(signal), "Must be followed")).toEqual([
    "something is done about the result: by anyone; it names the record, or comes from a person who had looked at it; for the first version, up to 1 hour 30 minutes before counts too; whenever it was issued",
  ]);
  expect(sectionOf(describeSignal(signal), "Cancelled")).toEqual([
    "the task is cancelled",
    "or, at any time, the record turns out to be entered in error",
  ]);
});
