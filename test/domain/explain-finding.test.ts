import { describe, expect, test } from "vitest";
import { explainFinding, explanationText, type Explained } from "../../src/domain/explain-finding.ts";
import type { Signal } from "../../src/domain/signal.ts";
import { readCatalogue } from "../../src/signals/catalogue.ts";

const signalOf = (id: string): Signal => readCatalogue().find(({ signal }) => signal.id === id)!.signal;
const judgedAt = Date.parse("2026-03-16T09:00:00Z");

const event = (activity: Explained["evidence"][number]["activity"], at: string, did?: "opened" | "followed" | "closed") => ({
  activity,
  at,
  actor: null,
  record: null,
  grade: 3 as const,
  ...(did && { did }),
});

const opened = event("result.issued", "2026-03-16T05:52:00Z", "opened");

/** A critical result of eight minutes to six, due two hours later, and what a scan at nine says of it. */
function said(more: Partial<Explained>, id = "result-unacknowledged"): string {
  const finding: Explained = {
    verdict: "missed",
    reason: null,
    openedAt: "2026-03-16T05:52:00Z",
    dueAt: "2026-03-16T07:52:00Z",
    metAt: null,
    limit: { duration: "PT2H", basis: "RCPath KPI" },
    coverage: { complete: true, gaps: [] },
    evidence: [opened],
    exclusions: [],
    cancellingGaps: [],
    ...more,
  };
  return explanationText(explainFinding(finding, signalOf(id), judgedAt));
}

const expected =
  "When a final result is issued (2026-03-16 05:52 UTC), it is expected that the result is acknowledged by a person, within 2 hours, by 2026-03-16 07:52 UTC (RCPath KPI); ";
const cleared = "a record of it in time would clear it, and so would a review that dismisses or closes it.";
const gap = { type: "AuditEvent", from: "2026-03-16T06:00:00Z", to: "2026-03-16T07:00:00Z", why: "not-covered" as const };

describe("a loop in one sentence", () => {
  test.each<[string, Partial<Explained>, string]>([
    ["missed", {}, `instead no record says so up to 2026-03-16 09:00 UTC, 68 minutes after it was due; ${cleared}`],
    [
      "missed, though somebody looked, and what was recorded does not count",
      {
        evidence: [opened, event("result.viewed", "2026-03-16T06:00:00Z"), event("result.acknowledged", "2026-03-16T06:10:00Z")],
      },
      `instead no record that counts says so up to 2026-03-16 09:00 UTC, 68 minutes after it was due, though the result was viewed once, which by itself closes nothing; ${cleared}`,
    ],
    [
      "missed, with what was looked for as an excuse, no data told apart",
      {
        exclusions: [
          { name: "withdrawn", outcome: "no-data" },
          { name: "newer-version", outcome: "not-met" },
          { name: "colonoscopy-in-5-years", outcome: "not-met" },
          { name: "entered-in-error", outcome: "not-met" },
        ],
      },
      `instead no record says so up to 2026-03-16 09:00 UTC, 68 minutes after it was due; not excused, as far as is recorded, by a newer version, colonoscopy in 5 years, an entry in error; no data says whether it was excused by a withdrawal; ${cleared}`,
    ],
    [
      "late",
      { verdict: "late", metAt: "2026-03-16T08:52:00Z" },
      `instead it happened on 2026-03-16 08:52 UTC, 60 minutes after it was due; ${cleared}`,
    ],
    [
      "unknown for a gap",
      {
        verdict: "unknown",
        reason: "gap",
        coverage: { complete: false, gaps: [gap, { ...gap, type: "Task", to: "2026-03-16T07:30:00Z" }] },
      },
      "nobody can say whether it did, for AuditEvent, Task could not be seen from 2026-03-16 06:00 UTC to 2026-03-16 07:30 UTC; it is settled once what could not be seen is read.",
    ],
    [
      "unknown as never seen",
      { verdict: "unknown", reason: "never-seen" },
      "nobody can say whether it did, for what would show it has never been recorded here in a form that we read; it is settled once this EPR's way of recording it is read (see doctor).",
    ],
    [
      "unknown for a time that is not recorded",
      { verdict: "unknown", reason: "time-not-recorded" },
      "it happened, but nothing says whether in time; it is settled once every version of its records is sent.",
    ],
    [
      "unknown for an Observation that was not brought",
      { verdict: "unknown", reason: "observation-not-brought" },
      "nobody can say whether it had to, for how urgent it is stands in an Observation that was not brought; it is settled once the Observations that it names are sent.",
    ],
    [
      "pending",
      { verdict: "pending" },
      "it is not due yet, or its data has not come yet, as at 2026-03-16 09:00 UTC; a record of it in time clears it.",
    ],
    ["met", { verdict: "met", metAt: "2026-03-16T06:52:00Z" }, "and it happened in time, on 2026-03-16 06:52 UTC."],
    [
      "cancelled",
      {
        verdict: "cancelled",
        exclusions: [
          { name: "withdrawn", outcome: "met" },
          { name: "entered-in-error", outcome: "not-met" },
        ],
      },
      "and then it no longer had to happen; excused by a withdrawal; else not excused, as far as is recorded, by an entry in error.",
    ],
  ])("that is %s", (_, more, rest) => {
    expect(said(more)).toBe(`${expected}${rest}`);
  });

  test.each([
    ["due", "by its own due date, by"],
    ["3 working days", "within 3 working days, by"],
  ])("whose limit is %s", (duration, words) => {
    expect(said({ limit: { duration, basis: "" } })).toContain(`acknowledged by a person, ${words} 2026-03-16 07:52 UTC; instead`);
  });
});

describe("a sequence in one sentence", () => {
  const once: Partial<Explained> = {
    verdict: "occurred",
    dueAt: null,
    limit: { duration: "", basis: "" },
    evidence: [event("result.acknowledged", "2026-03-16T05:52:00Z", "opened")],
  };
  const viewed = "It is expected that the result is acknowledged only after the result is viewed by a person; ";

  test("that occurred without what should have come first", () => {
    expect(said(once, "acknowledged-unviewed")).toBe(
      `${viewed}instead it happened on 2026-03-16 05:52 UTC, and no record says so of any time before; a record that the result is viewed by a person before 2026-03-16 05:52 UTC would clear it, and so would a review that dismisses or closes it.`,
    );
  });

  test("of which nobody can say", () => {
    expect(said({ ...once, verdict: "unknown", reason: "never-seen" }, "acknowledged-unviewed")).toBe(
      `${viewed}it happened on 2026-03-16 05:52 UTC, but nobody can say whether that came before, for it has never been recorded here in a form that we read; it is settled once this EPR's way of recording it is read (see doctor).`,
    );
    const coverage = { complete: false, gaps: [gap] };
    expect(said({ ...once, verdict: "unknown", reason: "gap", coverage }, "acknowledged-unviewed")).toBe(
      `${viewed}it happened on 2026-03-16 05:52 UTC, but nobody can say whether that came before, for AuditEvent could not be seen from 2026-03-16 06:00 UTC to 2026-03-16 07:00 UTC; it is settled once what could not be seen is read.`,
    );
  });

  test("that should never happen", () => {
    const evidence = [
      event("task.reassigned", "2026-03-16T05:52:00Z", "opened"),
      event("task.reassigned", "2026-03-16T06:52:00Z", "followed"),
    ];
    expect(said({ ...once, evidence }, "task-bounced")).toBe(
      "It is expected never to happen that the task is given to someone else 3 times within 7 days; instead it happened on 2026-03-16 05:52 UTC, and after that up to 2026-03-16 06:52 UTC; records that turn out to be in error would clear it, and so would a review that dismisses or closes it.",
    );
  });
});
