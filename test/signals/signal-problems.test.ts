import { describe, expect, test } from "vitest";
import { UserError } from "../../src/domain/user-error.ts";
import { parseSignal } from "../../src/signals/parse-signal.ts";
import { signalText } from "./signal-text.ts";

/** What is wrong, without the heading and the file's name. */
function problemsOf(text: string): string[] {
  try {
    parseSignal(text, "s.yaml");
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== "signal-invalid") throw error;
    return error.message
      .split("\n  ")
      .slice(1)
      .map((line) => line.replace("s.yaml:", ""));
  }
  return [];
}

describe("a signal file that is wrong", () => {
  test.each([
    [
      "a mistyped key",
      ["severity: low", "severty: low"],
      ['1:1 "severity" is missing here. Write one of: high, medium, low.', '4:1 "severty" is not known here. Did you mean "severity"?'],
    ],
    [
      "a mistyped activity",
      ["activity: task.requested }\n  closes", "activity: task.reqested }\n  closes"],
      ['14:19 "task.reqested" is no activity. Did you mean "task.requested"?'],
    ],
    [
      "a mistyped activity in a list",
      ["cancels: { activity: task.cancelled }", "cancels: { activity: [task.failed, task.canceled] }"],
      ['17:38 "task.canceled" is no activity. Did you mean "task.cancelled"?'],
    ],
    [
      "a value of a small list",
      ["tier: experimental", "tier: board"],
      ['3:7 "board" is no tier. Write one of: worklist, surveillance, experimental.'],
    ],
    [
      "a key inside a clause",
      ["{ activity: task.completed }", "{ activity: task.completed, erly: PT5M }"],
      ['16:35 "erly" is not known here. Did you mean "early"?'],
    ],
    [
      "a duration without its T",
      ["within: P2D", "within: P2H"],
      [
        '20:17 "P2H" is no duration of fixed length. Write it like PT2H or P14D (1 day is 24 hours; months and years have no fixed length), or like 5 working days or 4 working hours.',
      ],
    ],
    [
      "a duration in months",
      ["within: P2D", "within: P1M"],
      [
        '20:17 "P1M" is no duration of fixed length. Write it like PT2H or P14D (1 day is 24 hours; months and years have no fixed length), or like 5 working days or 4 working hours.',
      ],
    ],
    [
      "a limit without a time",
      ["{ within: P2D, basis", "{ basis"],
      ["20:7 A limit has either within: with a duration, or at: due for the record's own due date."],
    ],
    [
      "a limit with two",
      ["{ within: P2D", "{ at: due, within: P2D"],
      ["20:7 A limit has either within: with a duration, or at: due for the record's own due date."],
    ],
    [
      "a limit without a basis",
      ["within: P2D, basis: local default", "within: P2D"],
      ['20:7 "basis" is missing here. Write a text that says something.'],
    ],
    [
      "a correlation that there is none of",
      ["{ activity: task.completed }", "{ activity: task.completed, same: pateint }"],
      ['16:41 "pateint" is no correlation. Did you mean "patient"?'],
    ],
    [
      "a death as an event of the record",
      ["{ activity: task.cancelled }", "{ activity: patient.died }"],
      ["17:12 patient.died is said of the patient itself: write same: patient, in a clause of its own."],
    ],
    [
      "a value set that nobody wrote",
      ["{ activity: task.completed }", "{ activity: procedure.done, same: patient, where: { code: colonoscopi } }"],
      ['16:65 There is no value set "colonoscopi". Did you mean "colonoscopy"?'],
    ],
    [
      "a comparison without its unit",
      ["{ activity: task.completed }", '{ activity: task.completed, where: { value: ">= 100" } }'],
      [
        '16:51 ">= 100" is no comparison. Write a comparison, a number and its unit in UCUM, such as >= 100 ug/L; {score} and 1 are units as well.',
      ],
    ],
    [
      "a last limit that does not take everything",
      ["    - { within: P2D", "    - { where: { priority: stat }, within: P2D"],
      ["20:7 The last limit has no where: else what matches no row would open no loop, and nobody would know."],
    ],
    [
      "a limit that hides those below",
      ["{ where: { priority: urgent }, within: P1D", "{ within: P1D"],
      ["19:7 This limit takes everything, so that those below never count. Put it last."],
    ],
    ["a review date that is none", ["2027-04-01", "2027-02-30"], ['10:42 "2027-02-30" is no date. Write it like 2027-04-01.']],
    ["no version", ["version: 1", "version: one"], ["2:10 Write a whole number, 1 for the first version."]],
    ["an empty list", ["often-harmless: [Always.]", "often-harmless: []"], ["7:17 Write at least one case in which it is harmless."]],
    ["prose that says nothing", ["title: A small signal", 'title: " "'], ['5:8 " " is no text. Write a text that says something.']],
    [
      "a text where a list belongs",
      ["often-harmless: [Always.]", "often-harmless: Always."],
      ["7:17 Write a list, each item on a line of its own after a hyphen."],
    ],
    [
      "an expectation that is none",
      ["expect: { verdict: missed }", "expect: non"],
      ['26:13 "non" is no expectation. Write none, or a verdict such as { verdict: missed }.'],
    ],
    [
      "a mistyped verdict",
      ["expect: { verdict: missed }", "expect: { verdict: mised }"],
      ['26:24 "mised" is no verdict. Did you mean "missed"?'],
    ],
    [
      "a mistyped verdict in a list",
      ["expect: { verdict: missed }", "expect: [{ verdict: mised }]"],
      ['26:25 "mised" is no verdict. Did you mean "missed"?'],
    ],
    [
      "a mistyped key of an expectation",
      ["expect: { verdict: missed }", "expect: { verdict: missed, dueat: 2026-03-04T09:00Z }"],
      ['26:32 "dueat" is not known here. Did you mean "dueAt"?'],
    ],
    [
      "an unknown without its reason",
      ["expect: { verdict: missed }", "expect: { verdict: unknown }"],
      ["26:13 A verdict of unknown is expected with its reason, and no other verdict has one."],
    ],
    [
      "an example without an expectation",
      ["    expect: { verdict: missed }\n", ""],
      ['22:5 "expect" is missing here. Write none, or a verdict such as { verdict: missed }.'],
    ],
    [
      "an instant without its zone",
      ["now: 2026-03-04T09:00Z", "now: 2026-03-04T09:00"],
      ['23:10 "2026-03-04T09:00" is no instant. Write it with its zone, like 2026-03-02T09:00Z.'],
    ],
    [
      "a gap in no feed",
      ["    events:", "    gaps: { Tasks: [[2026-03-02T09:00Z, 2026-03-02T10:00Z]] }\n    events:"],
      ['24:13 "Tasks" is not known here. Did you mean "Task"?'],
    ],
    [
      "two examples of one name",
      ["examples:", "examples:\n  - { name: not done for two days, now: 2026-03-04T09:00Z, events: [], expect: none }"],
      ['23:11 There is another example "not done for two days" above. Give each a name of its own.'],
    ],
    [
      "no YAML at all",
      ["title: A small signal", "title: [A small signal"],
      ["6:1 Flow sequence in block collection must be sufficiently indented and end with a ]"],
    ],
  ] as const)("is refused for %s", (_, change, problems) => {
    expect(problemsOf(signalText(change))).toEqual(problems);
  });

  test("is told of everything at once, in the order of its lines, with the mend", () => {
    const text = signalText(
      ["tier: experimental", "tier: worklst"],
      ["activity: task.completed", "activity: task.done"],
      ["within: P2D", "within: soon"],
      ["subject: Task/t", "subject: t"],
    );
    expect(() => parseSignal(text, "mine.yaml")).toThrow(
      new UserError(
        "signal-invalid",
        `4 problems in the signals:
  mine.yaml:3:7 "worklst" is no tier. Did you mean "worklist"?
  mine.yaml:16:19 "task.done" is no activity. Write one of: task.requested, task.accepted, task.started, task.held, task.completed, task.rejected, task.failed, task.cancelled, task.reassigned, task.rescheduled, task.reprioritised, task.voided.
  mine.yaml:20:17 "soon" is no duration of fixed length. Write it like PT2H or P14D (1 day is 24 hours; months and years have no fixed length), or like 5 working days or 4 working hours.
  mine.yaml:25:69 "t" is no record. Write its type and id, such as DiagnosticReport/k.`,
        "Correct the lines named; src/signals/signal.schema.json lists every key and value.",
      ),
    );
  });

  test("is refused for a sequence across patients that is not found by who acted", () => {
    const text = signalText();
    const sequence = `sequence:
  steps:
    - { activity: order.placed }
    - { activity: order.revoked, same: subject }
    - { activity: task.requested, same: [actor, code], different: patient }
  without: { activity: result.viewed, since: result.issued }
`;
    expect(problemsOf(text.slice(0, text.indexOf("loop:")) + sequence + text.slice(text.indexOf("examples:")))).toEqual([
      "15:7 A sequence that crosses patients is found by who acted: write same: actor in every later step.",
      "16:19 Across patients only orders are followed (order.placed, order.revoked …), not task.requested.",
      "17:12 Across patients nothing is looked for in vain: leave without out.",
    ]);
  });

  test("is refused when it is empty", () => {
    expect(problemsOf("")).toEqual(["1:1 Write keys with values (key: value), indented below."]);
  });
});
