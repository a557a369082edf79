import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { CheckSignals } from "../../src/config/signals-problems.ts";
import { settingProblems } from "../../src/signals/setting-problems.ts";
import { loadConfig, siteConfig, type ConfigInput } from "../../src/config/load-config.ts";
import { parseCron } from "../../src/domain/cron.ts";
import type { UserError } from "../../src/domain/user-error.ts";

function makeFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "followthrough-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "followthrough.yaml"), text);
  return join(folder, "followthrough.yaml");
}

function failure(input: ConfigInput): UserError {
  try {
    loadConfig(input);
  } catch (error) {
    return error as UserError;
  }
  throw new Error("nothing was wrong");
}

/** The problems that a text has, without the heading. */
const problemsIn = (text: string, checkSignals?: CheckSignals): string[] =>
  failure({ file: makeFile(text), env: {}, ...(checkSignals && { checkSignals }) })
    .message.split("\n")
    .slice(1)
    .map((line) => line.trim());

const defaults = {
  timeZone: "Europe/London",
  sources: [],
  schedule: { increment: parseCron("0 * * * *"), reconcile: parseCron("30 1 * * *") },
  foreignBases: [],
  machineNames: [],
  joiningIdentifiers: [
    "https://fhir.nhs.uk/Id/nhs-number",
    ...["gmc", "nmc", "gdc", "hcpc"].map((register) => `https://fhir.hl7.org.uk/Id/${register}-number`),
    ...["gmc", "nmc", "gdc", "hcpc"].map((register) => `https://fhir.nhs.uk/Id/${register}-number`),
  ],
  blindAfterMs: 6 * 3_600_000,
  retention: "P2Y",
  looksKept: "P8Y",
  signals: {},
  teams: {},
  testPatients: [],
};

test("without a file and an environment everything is default, for a site of any name", () => {
  const config = loadConfig({ env: { DATABASE_URL: "", FOLLOWTHROUGH_DATA: " " } });
  expect(config).toEqual({ dataFolder: resolve("data"), sites: [] });
  expect(siteConfig(config, "default")).toEqual({ name: "default", ...defaults });
  expect(() => siteConfig(config, "St Elsewhere")).toThrow('"St Elsewhere" cannot be the name of a site.');
});

test.each(["", "# nothing yet\n", "sites:\n  - name: a\n"])("what a file leaves out is default: %j", (text) => {
  expect(siteConfig(loadConfig({ file: makeFile(text), env: {} }), "a")).toEqual({ name: "a", ...defaults });
});

test("the environment names database, data and file", () => {
  const file = makeFile("sites: [{ name: a }]");
  const config = loadConfig({ env: { DATABASE_URL: "postgres://u:p@h:5432/d", FOLLOWTHROUGH_DATA: "/var/x", FOLLOWTHROUGH_CONFIG: file } });
  expect(config).toEqual({ file, databaseUrl: "postgres://u:p@h:5432/d", dataFolder: "/var/x", sites: [{ name: "a", ...defaults }] });
});

test.each([
  ["off", { increment: "off", reconcile: "off" }],
  ["{ reconcile: off }", { ...defaults.schedule, reconcile: "off" }],
  ['{ increment: "*/30 * * * *" }', { ...defaults.schedule, increment: parseCron("*/30 * * * *") }],
])("a schedule of %s is another, or none", (written, schedule) => {
  expect(siteConfig(loadConfig({ file: makeFile(`sites: [{ name: a, schedule: ${written} }]`), env: {} }), "a").schedule).toEqual(schedule);
});

test.each([
  ["{ A: [Organization/x], B: [Organization/y, Organization/x] }", 'Organization/x is of team "A" above. It can be of one alone.'],
  ["{ A: [Practitioner/x] }", '"Practitioner/x" is no organisation or role. Write Organization/, CareTeam/, HealthcareService/'],
  ["{ unassigned: [Organization/x] }", '"unassigned" is no name of a team. Write what people call it, such as Cardiology.'],
])("teams of %s are refused with what to write", (written, said) => {
  expect(problemsIn(`sites: [{ name: a, teams: ${written} }]`)).toEqual([expect.stringContaining(said)]);
});

test.each([
  ["{ level: all }", "Write system (everything), patient (what is about patients) or group."],
  ["{ level: group }", "bulk of source s needs group, the id of a Group of the server, with level: group, and only with it."],
  ["{ level: patient, group: a }", "bulk of source s needs group, the id of a Group of the server, with level: group, and only with it."],
  ["{ level: group, group: Group/a }", '"Group/a" is no id of a FHIR resource. Write the id alone, such as ward-7 of Group/ward-7'],
  ["{ level: system, fileHosts: [https://files.example/x] }", '"https://files.example/x" is no address of a host. Write it without a path'],
  ["{ level: system, wait: PT1 }", '"PT1" is no ISO 8601 duration of fixed length.'],
])("an export of %s is refused with what to write", (written, said) => {
  const [problem, ...others] = problemsIn(`sites: [{ name: a, sources: [{ name: s, url: "https://f.example", bulk: ${written} }] }]`);
  expect([problem, others]).toEqual([expect.stringContaining(said), []]);
});

const ofServer = (more: string): string => `sites: [{ name: a, sources: [{ name: s, url: "https://f.example", ${more} }] }]`;

test("of what a pull may cost each part may be left out", () => {
  const budgetOf = (written: string): unknown => {
    const [source] = siteConfig(loadConfig({ file: makeFile(ofServer(`budget: ${written}`)), env: {} }), "a").sources;
    return source && "budget" in source ? source.budget : undefined;
  };
  expect(["{}", "{ time: PT45M }", "{ failures: 7 }"].map(budgetOf)).toEqual([{}, { timeMs: 45 * 60_000 }, { failures: 7 }]);
});

test.each([
  ["sideBySide: 0", "Write a number from 1 to 16."],
  ["sideBySide: 17", "Write a number from 1 to 16: more would burden the server."],
  ["sideBySide: all", "Write how many requests may be under way at once, from 1 to 16."],
  ["counts: never", "Write true or false."],
  ["budget: PT45M", "Write keys with values (key: value), indented below."],
  ["budget: { time: P45M }", '"P45M" is no ISO 8601 duration of fixed length. Write it like PT45M or PT12H.'],
  ["budget: { time: PT0S }", '"PT0S" is no ISO 8601 duration of fixed length. Write it like PT45M or PT12H.'],
  ["budget: { failures: 0 }", "Write a number from 1 on: how many questions may go without an answer in one run."],
  ["budget: { failures: many }", "Write how many questions may go without an answer in one run, such as 500."],
  ["bulk: { level: system }, budget: {}", "budget of source s is for searches: an export has wait"],
])("a server that is to be asked by %s is refused with what to write", (written, said) => {
  expect(problemsIn(ofServer(written))).toEqual([expect.stringContaining(said)]);
});

test("how a server is asked is nothing that a folder has", () => {
  expect(problemsIn("sites: [{ name: a, sources: [{ name: s, folder: ./x, sideBySide: 2, counts: true, budget: {} }] }]")).toEqual([
    expect.stringContaining("sideBySide, counts, budget of source s is for a FHIR server: leave it out, or give a url."),
  ]);
});

test.each(["javascript:alert(1)//{id}", "https://epr.example/patient", "https://epr.example/{id}/{name}", "epr.example/{id}"])(
  "pages cannot link into an EPR by %s",
  (written) => {
    expect(problemsIn(`sites: [{ name: a, eprLink: "${written}" }]`)).toEqual([
      `line 1, column 29: "${written}" is no address of a patient in the EPR. Write a whole web address with {id} once, for the id of the patient, such as https://epr.example/patient/{id}.`,
    ]);
  },
);

test("every mistake is reported at once, in the order of the file, with its place and what to write", () => {
  const text = `sites:
  - name: a
    timezone: Europe/London
    timeZone: Europe/Londn
    blindAfter: P6H
    retention: P0D
    sources:
      - { nam: x, folder: ./a }
      - folder
      - { name: s, folder: ./b, mirrors: t }
    machineNames: Rhapsody
    foreignBases: [other.example/fhir]
    joiningIdentifiers: [nhs-number]
    signals: { result-unacknowleged: { enabled: "yes" } }
    testPatients: [9434765919]
    schedule: { increment: hourly, reconcil: off, reconcile: "0 0 30 2 *" }
  - { name: a, schedule: on }
  - {}
site: []
`;
  expect(problemsIn(text, settingProblems)).toEqual([
    'line 3, column 5: "timezone" is not known here. Did you mean "timeZone"?',
    'line 4, column 15: "Europe/Londn" is no time zone. Write an IANA name such as Europe/London. Did you mean "Europe/London"?',
    'line 5, column 17: "P6H" is no ISO 8601 duration of fixed length. Write it like PT6H or P14D. Hours, minutes and seconds come after a T: PT6H.',
    'line 6, column 16: "P0D" is no ISO 8601 duration. Write it like P2Y or P18M.',
    'line 8, column 9: "name" is missing here. Write small letters, digits and single hyphens, such as st-elsewhere.',
    'line 8, column 11: "nam" is not known here. Did you mean "name"?',
    "line 9, column 9: Write keys with values (key: value), indented below.",
    'line 10, column 42: This site has no other source "t". Name another source of this site, or leave the line out.',
    "line 11, column 19: Write a list, each item on a line of its own after a hyphen.",
    'line 12, column 20: "other.example/fhir" is no web address. Write the whole base URL, such as https://other.example/fhir.',
    'line 13, column 26: "nhs-number" is no identifier system. Write its whole URI, such as https://fhir.nhs.uk/Id/nhs-number.',
    'line 14, column 16: "result-unacknowleged" is no signal. Did you mean "result-unacknowledged"?',
    "line 14, column 49: Write true or false.",
    // Not quoted: what was written may be a patient's own number.
    "line 15, column 20: This is no name of a patient. Write Patient/ and the id, such as Patient/test-1.",
    'line 16, column 28: "hourly" is no time that ever comes. Write minute, hour, day, month and weekday as cron has them, such as "30 1 * * *", or off.',
    'line 16, column 36: "reconcil" is not known here. Did you mean "reconcile"?',
    'line 16, column 62: "0 0 30 2 *" is no time that ever comes. Write minute, hour, day, month and weekday as cron has them, such as "30 1 * * *", or off.',
    'line 17, column 13: There is another site named "a" above. Give each a name of its own.',
    "line 17, column 26: Write off, or keys with values (increment: …, reconcile: …), indented below.",
    'line 18, column 5: "name" is missing here. Write small letters, digits and single hyphens, such as st-elsewhere.',
    'line 19, column 1: "site" is not known here. Did you mean "sites"?',
  ]);
});

test.each([
  ["sites:\n  - name: a\n   timeZone: UTC\n", /^line \d, column \d+: /],
  ["sites:\n  - name: a\n    name: b\n", /^line 3, column 5: Map keys must be unique/],
  ["sites:\n  - { name: a, timeZone: +01:00 }\n", /^line 2, column 26: "\+01:00" is no time zone/],
  ["- name: a\n", /^line 1, column 1: Write keys with values/],
  ["sites:\n  - { name: a, blindAfter: P1M }\n", /Months and years have no fixed length: count in days\.$/],
])("one mistake is reported with its place: %j", (text, said) => {
  expect(problemsIn(text)[0]).toMatch(said);
});

test("a mistake in the environment is reported beside those in the file, and no password is repeated", () => {
  const file = makeFile("sites: [{ name: A }]");
  const { code, message, fix } = failure({ file, env: { DATABASE_URL: "mysql://me:secret@host/db" } });
  expect({ code, message, fix }).toEqual({
    code: "configuration",
    message: [
      `2 problems in ${file} and the environment:`,
      "  The environment variable DATABASE_URL is no PostgreSQL address: write postgres://user:password@host:5432/database, or unset it to use the embedded database.",
      '  line 1, column 17: "A" is no name. Write small letters, digits and single hyphens, such as st-elsewhere.',
    ].join("\n"),
    fix: "Correct them there and run the command again.",
  });
});

test("a file that was named must be there", () => {
  const { code, message, fix } = failure({ env: { FOLLOWTHROUGH_CONFIG: "/nowhere/x.yaml" } });
  expect({ code, message }).toEqual({ code: "configuration", message: "There is no configuration file /nowhere/x.yaml." });
  expect(fix).toContain("Correct FOLLOWTHROUGH_CONFIG");
});
