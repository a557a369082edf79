import { expect, test } from "vitest";
import type { UserError } from "../../src/domain/user-error.ts";
import { readDeclaredCoverage } from "../../src/fhir/declared-coverage.ts";
import { makeFolder } from "./make-folder.ts";

const at = (text: string): number => Date.parse(text);
const day = (number: number): string => `2026-03-0${number}T00:00:00Z`;
const days = (from: number, to: number) => ({ from: at(day(from)), to: at(day(to)) });
const resource = '{"resourceType":"Task","id":"1"}';
const failure = async (folder: string): Promise<UserError> =>
  readDeclaredCoverage(folder).then(
    () => Promise.reject(new Error("read")),
    (error: unknown) => error as UserError,
  );

test("coverage.json of folder and subfolders are united, per type; an empty list is said too", async () => {
  const folder = makeFolder({
    "a.ndjson": resource,
    "coverage.json": JSON.stringify({
      AuditEvent: [
        [day(3), day(4)],
        [day(1), day(2)],
      ],
      Task: [],
    }),
    "tuesday/coverage.json": JSON.stringify({
      AuditEvent: [[day(2), "2026-03-03T02:00:00+02:00"]],
      Observation: [
        [day(1), day(5)],
        [day(2), day(6)],
      ],
    }),
  });
  expect(await readDeclaredCoverage(folder)).toEqual({
    byType: new Map([
      ["AuditEvent", [days(1, 4)]],
      ["Task", []],
      ["Observation", [days(1, 6)]],
    ]),
    manifests: [],
  });
});

test("a bulk manifest of any name covers the types it lists, from _since where it was asked for", async () => {
  const output = ["Task", "Task", "AuditEvent"].map((type, index) => ({ type, url: `https://x.example/${index}` }));
  const manifest = (request: string) => JSON.stringify({ transactionTime: day(5), request, requiresAccessToken: true, output, error: [] });
  const folder = makeFolder({
    "a/anything.json": manifest("https://x.example/fhir/$export?_type=Task&_since=2026-03-01T00:00:00+00:00"),
    "b/anything.json": manifest("https://x.example/fhir/$export"),
    "c.json": '{"resourceType":"Basic","id":"1","transactionTime":"x","output":[]}',
    "d.json": '{"transactionTime": no JSON',
  });
  expect((await readDeclaredCoverage(folder)).manifests).toEqual([
    { types: ["Task", "AuditEvent"], from: at(day(1)), to: at(day(5)) },
    { types: ["Task", "AuditEvent"], to: at(day(5)) },
  ]);
});

test("every mistake in a coverage.json is reported at once, with its line and what to write", async () => {
  const folder = makeFolder({
    "coverage.json": `{
\t"AuditEvents": [["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"]],
\t"Task": [["2026-03-01", "2026-03-02T00:00:00"], ["2026-03-02T00:00:00Z"]],
\t"Patient": [["2026-03-02T00:00:00Z", "2026-03-02T00:00:00Z"]],
\t"Observation": "2026-03-01T00:00:00Z",
\t"Appointment": [[5, "2026-03-02T00:00:00Z"], 7]
}`,
  });
  const { code, message, fix } = await failure(folder);
  expect({ code, fix, lines: message.split("\n") }).toEqual({
    code: "coverage-file",
    fix: "Correct them there and run the command again.",
    lines: [
      `8 problems in ${folder}/coverage.json:`,
      '  line 2, column 2: "AuditEvents" is no FHIR resource type. Did you mean "AuditEvent"?',
      '  line 3, column 12: "2026-03-01" is no RFC 3339 time with its zone: write it like "2026-03-01T00:00:00Z" or "2026-03-01T00:00:00+01:00".',
      '  line 3, column 26: "2026-03-02T00:00:00" is no RFC 3339 time with its zone: write it like "2026-03-01T00:00:00Z" or "2026-03-01T00:00:00+01:00".',
      "  line 3, column 50: Write an interval as two times, [from, to].",
      "  line 4, column 14: The interval ends before or when it starts: write the earlier time first.",
      "  line 5, column 17: Write a list of intervals, [[from, to], …], or [] where nothing is covered yet.",
      '  line 6, column 19: 5 is no RFC 3339 time with its zone: write it like "2026-03-01T00:00:00Z" or "2026-03-01T00:00:00+01:00".',
      "  line 6, column 47: Write an interval as two times, [from, to].",
    ],
  });
});

test.each([
  ['{"Task": [["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"],]}', "line 1, column 60: This is no JSON here."],
  ['{"Task": [],\n"Patient": [],\n"Task": []}', "line 3, column 1: This type is named twice: write one list of intervals."],
  ['["Task"]', "line 1, column 1: It should read: {"],
  ["", "line 1, column 1: This is no JSON here. It should read: {"],
  [Buffer.from([0xff]), "  Its bytes are not UTF-8: save it as UTF-8."],
])("a coverage.json of another form says what it should be: %j", async (content, said) => {
  const { code, message } = await failure(makeFolder({ "coverage.json": content }));
  expect({ code, message }).toEqual({ code: "coverage-file", message: expect.stringContaining(said) as string });
});

test("a manifest whose time cannot be read is an error with its place", async () => {
  const folder = makeFolder({ "m.json": '{\n  "transactionTime": "yesterday",\n  "output": []\n}' });
  expect((await failure(folder)).message).toContain("m.json:\n  line 2, column 22: transactionTime is no RFC 3339 time with its zone");
});
