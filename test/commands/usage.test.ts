import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scratchPlace, type ScratchPlace } from "../db/scratch-database.ts";
import { runHere } from "./command-line-here.ts";
import { environmentOf } from "./run-followthrough.ts";

const hospital = join(import.meta.dirname, "../../fixtures/hospital");

let place: ScratchPlace;
beforeAll(async () => {
  place = await scratchPlace();
  // So that a wrong name has something to be wrong beside.
  await run("scan", "--from", join(hospital, "south"));
});
afterAll(() => place.remove());

const run = (...args: string[]) => runHere(environmentOf(place), ...args);

const wrong: [string[], RegExp][] = [
  [["scna"], /unknown command 'scna'\n\(Did you mean scan\?\)/],
  [["scan", "--form", "x"], /unknown option '--form'\n\(Did you mean --from\?\)/],
  [["quarantine", "lst"], /Did you mean list\?/],
  [
    ["scan", "--from", "https://name:secret@fhir.example/r4?key=secret"],
    /^--from is no base URL of a FHIR server\.\nWrite it like https:\/\/fhir\.example\/R4/,
  ],
  [["scan"], /^There is nothing to read: there is no followthrough\.yaml, and --from is not given\.\nName a FHIR server or a folder/],
  [["scan", "--from", hospital, "--now", "2026-03-16"], /^--now "2026-03-16" is no time with its zone\.\nWrite it like /],
  [["scan", "--from", hospital, "--since", "lately"], /^--since "lately" is no time/],
  [["scan", "--from", hospital, "--signals", "task-overdu"], /^There is no signal "task-overdu"\. Did you mean "task-overdue"\?/],
  [["scan", "--from", hospital, "--site", "St Elsewhere"], /^"St Elsewhere" cannot be the name of a site\./],
  [["scan", "--from", hospital, "--source", "A B"], /^"A B" cannot be the name of a source\./],
  [["detect", "--site", "defualt"], /^Nothing is held of a site "defualt"\./],
  [["quarantine", "show", "7"], /^"7" is no key of anything in quarantine/],
  [["quarantine", "replay", "0000000000000007"], /^Nothing in quarantine has the key 0000000000000007/],
  [["quarantine", "list", "--limit", "few"], /Write a whole number from 1 on/],
  [["signals", "show", "task-overdu"], /Did you mean "task-overdue"\?\nSee them all: /],
];

test.each(wrong)("%j is refused with exit code 2 and what to write instead", async (args, says) => {
  const { code, stdout, stderr } = await run(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(says);
  expect(stderr).not.toMatch(/secret|\n\s+at /);
});

test("the catalogue is listed, explained and tested", async () => {
  expect((await run("signals", "list")).stdout).toMatch(/result-unacknowledged +1 +worklist +on +Result not acknowledged in time/);
  expect((await run("signals", "show", "result-unacknowledged")).stdout).toContain("Must be followed");
  const tested = await run("signals", "test", "task-overdue");
  expect(tested).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+ examples of 1 signal passed, 0 failed\.\n$/) as string });
  expect((await run("migrate", "--json")).stdout).toBe('{"applied":[]}\n');
});

test("every command explains itself", async () => {
  const help = await run("--help");
  expect(help.code).toBe(0);
  const names = [...help.stdout.matchAll(/^ {2}([a-z]+)\b.*$/gm)].map(([, name]) => name);
  expect(names).toEqual(
    expect.arrayContaining([
      "demo",
      "scan",
      "pull",
      "detect",
      "rebuild",
      "findings",
      "review",
      "signals",
      "doctor",
      "simulate",
      "quarantine",
      "migrate",
    ]),
  );
  expect(help.stdout).toContain(
    "Exit codes: 0 done; 1 a defect of Followthrough; 2 wrong usage or configuration, or a database that cannot be used; 3 done, but some feed is incomplete.",
  );
  for (const name of ["scan", "pull", "detect", "rebuild", "doctor"]) {
    expect((await run(name, "--help")).stdout).toMatch(/--json[\s\S]*Examples:\n {2}npm run -s followthrough -- /);
  }
});
