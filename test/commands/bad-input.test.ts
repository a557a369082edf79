import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { acquireLock } from "../../src/db/lock-file.ts";
import { scratchPlace, type ScratchPlace } from "../db/scratch-database.ts";
import { environmentOf, runFollowthrough } from "./run-followthrough.ts";

let folder = "";
let place: ScratchPlace;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "followthrough-bad-"));
  place = await scratchPlace();
});
afterAll(async () => {
  await place.remove();
  rmSync(folder, { recursive: true });
});

function makeFolder(files: Readonly<Record<string, string>>): string {
  const made = mkdtempSync(join(folder, "export-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(made, name), text);
  return made;
}

function report(id: string | undefined, more: object = {}): object {
  return {
    resourceType: "DiagnosticReport",
    ...(id !== undefined && { id }),
    status: "final",
    category: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/v2-0074", code: "LAB" }] }],
    code: { text: "Potassium" },
    subject: { reference: "Patient/p" },
    issued: "2026-03-02T09:00:00Z",
    ...more,
  };
}

const json = (value: object): string => JSON.stringify(value);
const run = (...args: string[]) => runFollowthrough(environmentOf(place), args);
const noStack = expect.not.stringMatching(/\n\s+at |Error:|node:internal/) as string;

test("a bad export is read as far as it goes: each fault is kept with its reason and place, nothing is lost, and the exit code says incomplete", async () => {
  const notJson = '{"resourceType": "DiagnosticReport", "id": "broken",, }';
  const cutShort = '{"resourceType": "DiagnosticReport", "id": "cut-sho';
  const lines = [
    json(report("good")),
    notJson,
    json(report(undefined)),
    json(report("no-date", { issued: "31 February, teatime" })),
    cutShort,
  ];
  const from = makeFolder({
    "DiagnosticReport.ndjson": `\uFEFF${lines.join("\r\n")}`,
    "Patient.ndjson": `\uFEFF${json({ resourceType: "Patient", id: "p" })}\r\n`,
    "readme.txt": "for people",
  });

  const scan = await run("scan", "--from", from, "--json");
  expect(scan).toMatchObject({ code: 3, stderr: "" });
  const summary = JSON.parse(scan.stdout) as { run: { state: string; notes: object }; feeds: Record<string, unknown>[] };
  expect(summary.run).toMatchObject({ state: "incomplete", notes: { afterClock: 0, cutShort: ["DiagnosticReport"] } });
  expect(summary.feeds).toMatchObject([
    { type: "DiagnosticReport", read: 3, stored: 1, duplicate: 0, quarantined: 2, expired: 0, skipped: 0, coveredUntil: null },
    { type: "Patient", read: 1, stored: 1, duplicate: 0, quarantined: 0, expired: 0, skipped: 0 },
    { type: "unreadable", read: 2, stored: 0, duplicate: 0, quarantined: 2, expired: 0, skipped: 0 },
  ]);

  const list = await run("quarantine", "list", "--json");
  expect(list).toMatchObject({ code: 0, stderr: "" });
  const { newest } = JSON.parse(list.stdout) as { newest: { key: string; code: string; reason: string; file: string; line: number }[] };
  expect(newest.map(({ code, reason, file, line }) => [code, reason, `${file}:${line}`])).toEqual([
    ["not-json", expect.stringContaining("one whole resource on each line"), "DiagnosticReport.ndjson:2"],
    ["no-id", "This DiagnosticReport has no id.", "DiagnosticReport.ndjson:3"],
    ["no-time", expect.stringContaining("does not say when it was issued"), "DiagnosticReport.ndjson:4"],
    ["truncated", expect.stringContaining("export or copy it again"), "DiagnosticReport.ndjson:5"],
  ]);

  const shown = await run("quarantine", "show", newest[3]?.key ?? "");
  expect(shown).toMatchObject({ code: 0, stderr: "" });
  expect(shown.stdout).toContain(cutShort);

  const again = await run("scan", "--from", from);
  expect(again).toMatchObject({ code: 3, stderr: "" });
  expect(again.stdout).toMatch(/^INCOMPLETE: default was not seen whole/);
  expect(again.stdout).toContain("A file with DiagnosticReport in it is cut short");
  expect(again.stdout).toContain("4 resources could not be used, and are kept in quarantine.");
  expect(again.stdout).toContain("as at 2026-03-02 09:00 UTC (the latest time that its records carry");
  expect(again.stdout).toContain("Passed over, for they are no *.ndjson, *.ndjson.gz or *.json: readme.txt.");
  expect(again.stdout).toMatch(/DiagnosticReport +folder +3 +0 +1 +2 /);
});

test("a folder that is missing, unreadable, a file, or holds a link to nothing is refused with what to do", async () => {
  const loop = join(folder, "loop");
  symlinkSync(loop, loop);
  const withBrokenLink = makeFolder({ "Patient.ndjson": json({ resourceType: "Patient", id: "p" }) });
  symlinkSync(join(folder, "nothing"), join(withBrokenLink, "Task.ndjson"));
  const file = join(makeFolder({ "Patient.ndjson": "" }), "Patient.ndjson");
  const ended = await Promise.all([join(folder, "nothing"), loop, file, withBrokenLink].map((from) => run("scan", "--from", from)));
  expect(ended).toEqual([
    {
      code: 2,
      stdout: "",
      stderr: `There is no folder ${join(folder, "nothing")}.\nCheck its name, and the folder that this command runs in.\n`,
    },
    { code: 2, stdout: "", stderr: `The folder ${loop} cannot be read (ELOOP).\nLet this user read it and the folders above it.\n` },
    { code: 2, stdout: "", stderr: expect.stringContaining("is a file, not a folder.\nName the folder that holds it") as string },
    { code: 2, stdout: "", stderr: expect.stringMatching(/Task\.ndjson cannot be read \(ENOENT\)\.\n.*mend its link/) as string },
  ]);
});

test("a coverage.json with a typo stops the scan before anything is read, with its place and the word that was meant", async () => {
  const from = makeFolder({
    "Patient.ndjson": json({ resourceType: "Patient", id: "p" }),
    "coverage.json":
      '{\n  "AuditEvnt": [["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"]],\n  "Task": [["2026-03-01", "2026-03-02T00:00:00Z"]]\n}\n',
  });
  const { code, stdout, stderr } = await run("scan", "--from", from, "--site", "typo");
  expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: "", stderr: noStack });
  expect(stderr).toContain(`2 problems in ${join(from, "coverage.json")}:`);
  expect(stderr).toContain('line 2, column 3: "AuditEvnt" is no FHIR resource type. Did you mean "AuditEvent"?');
  expect(stderr).toContain("line 3, column 13: ");
  expect(await run("doctor", "--site", "typo")).toEqual({
    code: 2,
    stdout: "",
    stderr: "No usable record of typo has been read yet.\nRead something first: npm run -s followthrough -- scan --from FOLDER\n",
  });
});

test("a configuration with three mistakes is told all three, each with its line", async () => {
  const file = join(folder, "followthrough.yaml");
  writeFileSync(
    file,
    ["sites:", "  - name: St Elsewhere", "    timeZone: Europe/Lundon", "    signals: { task-overdo: { enabled: true } }", ""].join("\n"),
  );
  const { code, stdout, stderr } = await runFollowthrough(environmentOf(place, { FOLLOWTHROUGH_CONFIG: file }), ["scan"]);
  expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: "", stderr: noStack });
  expect(stderr.split("\n").map((line) => /line (\d)/.exec(line)?.[1] ?? line)).toEqual([
    `3 problems in ${file}:`,
    "2",
    "3",
    "4",
    "Correct them there and run the command again.",
    "",
  ]);
  expect(stderr).toMatch(/Europe\/London[\s\S]*"task-overdue"/);
});

test("a mapping file with two mistakes is told both, with line, column and the word that was meant, and nothing is read", async () => {
  const file = join(folder, "with-mapping.yaml");
  writeFileSync(file, "sites:\n  - name: st-elsewhere\n    mapping: ./epr-mapping.yaml\n");
  writeFileSync(
    join(folder, "epr-mapping.yaml"),
    "reviws: []\nevidence:\n  acknowledged:\n    add: [{ from: AuditEvnt, subtype: [SIGN] }]\n",
  );
  const { code, stdout, stderr } = await runFollowthrough(environmentOf(place, { FOLLOWTHROUGH_CONFIG: file }), ["scan"]);
  expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: "", stderr: noStack });
  expect(stderr.split("\n")).toEqual([
    `2 problems in ${join(folder, "epr-mapping.yaml")}:`,
    `  line 1, column 1: "reviws" is not known here. Did you mean "reviews"?`,
    `  line 4, column 19: "from" says which records tell it. Did you mean "AuditEvent"?`,
    "Correct them there and run the command again.",
    "",
  ]);
});

test("an embedded database that another process holds is not touched, and its owner is named", async () => {
  const dataDir = mkdtempSync(join(folder, "held-"));
  const lock = await acquireLock(join(dataDir, "database.lock"));
  const ended = await runFollowthrough(environmentOf({ databaseUrl: undefined, dataDir }), ["doctor"]);
  await lock.release();
  expect(ended).toEqual({ code: 2, stdout: "", stderr: expect.stringContaining(`is in use by process ${process.pid} on `) as string });
  expect(ended.stderr).toContain("set DATABASE_URL to use PostgreSQL");
  expect(existsSync(join(dataDir, "database"))).toBe(false);
});

test("a database that cannot be reached is named without its password", async () => {
  const env = environmentOf({ databaseUrl: "postgres://someone:hunter2@127.0.0.1:1/followthrough", dataDir: folder });
  const { code, stdout, stderr } = await runFollowthrough(env, ["doctor"]);
  expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: "", stderr: noStack });
  expect(stderr).toContain("The database at 127.0.0.1:1/followthrough cannot be used (ECONNREFUSED");
  expect(stderr).not.toContain("hunter2");
});

async function isUnderWay(place: ScratchPlace, lock: string): Promise<boolean> {
  if (place.databaseUrl === undefined) return existsSync(lock);
  const { db, close } = await connect(place);
  const runs = await db.selectFrom("run").select("run_id").execute();
  await close();
  return runs.length > 0;
}

test("a scan that is told to stop ends tidily, and the next one ends as if nothing had happened", async () => {
  const events = Array.from({ length: 4_000 }, (_, number) =>
    json({ resourceType: "AuditEvent", id: `a${number}`, recorded: "2026-03-02T09:00:00Z" }),
  );
  const from = makeFolder({ "AuditEvent.ndjson": events.join("\n"), "DiagnosticReport.ndjson": json(report("r")) });
  const own = await scratchPlace();
  const lock = join(own.dataDir, "database.lock");
  const stopped = await runFollowthrough(environmentOf(own), ["scan", "--from", from], (kill) => {
    // The lock, or the run's own row, says that the process is past its start.
    const waiting = setInterval(() => {
      void isUnderWay(own, lock).then((is) => {
        if (!is) return;
        clearInterval(waiting);
        kill("SIGTERM");
      });
    }, 20);
  });
  expect(stopped).toEqual({ code: 143, stdout: "", stderr: "\nStopped. Nothing is lost: run the same command again to go on.\n" });
  expect(existsSync(lock)).toBe(false);
  const again = await runFollowthrough(environmentOf(own), ["scan", "--from", from, "--json"]);
  expect(again).toMatchObject({ code: 3, stderr: "" }); // a moment of time is no coverage: the run says that it watched nothing
  const { feeds } = JSON.parse(again.stdout) as { feeds: { type: string; read: number; stored: number; duplicate: number }[] };
  expect(feeds.map(({ type, read, stored, duplicate }) => [type, read, stored + duplicate])).toEqual([
    ["AuditEvent", 4_000, 4_000],
    ["DiagnosticReport", 1, 1],
  ]);
  await own.remove();
});

test("a folder of another version than it is said to hold is read by its shape, and told; DSTU2 is refused by name", async () => {
  const agent = [{ requestor: true, who: { reference: "Practitioner/a" } }];
  const events = ["a", "b"].map((id) => ({
    resourceType: "AuditEvent",
    id,
    recorded: "2026-03-02T09:00:00Z",
    code: { text: "read" },
    agent,
  }));
  const from = makeFolder({ "AuditEvent.ndjson": events.map(json).join("\n") });
  const other = await run("scan", "--from", from, "--site", "versions", "--fhir-version", "r4", "--json");
  expect((JSON.parse(other.stdout) as { run: { notes: object } }).run.notes).toMatchObject({
    serverRemarks: [
      "2 resources of source folder have the shape of FHIR R5, and it is said to be R4: they were read as R5. See that it is the export that you meant, or correct fhirVersion.",
    ],
  });
  const right = await run("scan", "--from", from, "--site", "versions", "--fhir-version", "5.0.0", "--json");
  expect((JSON.parse(right.stdout) as { run: { notes: object } }).run.notes).toMatchObject({ serverRemarks: [] });
  const refused = await run("scan", "--from", from, "--fhir-version", "DSTU2");
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('"DSTU2" is no version of FHIR that is read.');
  expect(refused.stderr).toContain(
    "Write STU3, R4, R4B or R5, or its number, such as 4.0.1. DSTU2 is too old: ask the vendor for a later version.",
  );
  const alone = await run("scan", "--fhir-version", "R4");
  expect(alone.stderr).toContain("--fhir-version goes with --from.");
});
