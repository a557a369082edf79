import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { enabledByDefault } from "../../src/signals/catalogue.ts";
import { scratchPlace, type ScratchPlace } from "../db/scratch-database.ts";
import { runHere } from "./command-line-here.ts";
import { environmentOf } from "./run-followthrough.ts";

const hospital = join(import.meta.dirname, "../../fixtures/hospital");
const now = "2026-03-16T09:00:00Z";

interface Summary {
  run: { id: string; site: string; now: string; state: string; kind: string; nowIs: string };
  feeds: ({ type: string; gaps: object[] } & Record<"read" | "stored" | "duplicate" | "quarantined" | "expired" | "skipped", number>)[];
  signals: Record<string, number | string>[];
}

let place: ScratchPlace;
let folder = "";
beforeAll(async () => {
  place = await scratchPlace();
  folder = mkdtempSync(join(tmpdir(), "followthrough-commands-"));
});
afterAll(async () => {
  await place.remove();
  rmSync(folder, { recursive: true });
});

const run = (...args: string[]) => runHere(environmentOf(place), ...args);

/** Lines of 80 columns as one. */
const unwrapped = (text: string): string => text.replace(/\s+/g, " ");

async function runJson(...args: string[]): Promise<{ code: number | null; summary: Summary }> {
  const { code, stdout, stderr } = await run(...args, "--json");
  expect(stderr).toBe("");
  return { code, summary: JSON.parse(stdout) as Summary };
}

test("before anything is read every command says so, and what to do", async () => {
  const nothing = {
    code: 2,
    stdout: "",
    stderr: "Nothing has been read into this database yet.\nRead something first: npm run -s followthrough -- scan --from FOLDER\n",
  };
  expect(await run("doctor")).toEqual(nothing);
  expect(await run("detect")).toEqual(nothing);
  expect((await run("quarantine", "list")).stdout).toBe("Nothing is in quarantine: everything that was read could be used.\n");
});

test("pull and then detect end as scan does, and rebuild as both: the counts of the fixture hospital, whole and marked incomplete", async () => {
  const from = ["--from", join(hospital, "north")];
  const scan = await runJson("scan", ...from, "--site", "scanned", "--now", now);
  expect(scan.code).toBe(3);
  expect(scan.summary.run).toMatchObject({
    site: "scanned",
    kind: "scan",
    now: "2026-03-16T09:00:00.000Z",
    nowIs: "given",
    state: "incomplete",
  });
  const counts = JSON.parse(readFileSync(join(hospital, "expected-counts.json"), "utf8")) as {
    north: { feeds: Record<string, Record<string, number>> };
  };
  const read = (summary: Summary): object =>
    Object.fromEntries(
      summary.feeds.map(({ type, read, stored, duplicate, quarantined, skipped }) => [
        type,
        { read, stored, duplicate, quarantined, skipped },
      ]),
    );
  // Device is of a type that nothing uses.
  const { Device: _, ...expected } = counts.north.feeds;
  expect(read(scan.summary)).toMatchObject(expected);
  for (const feed of scan.summary.feeds) {
    const { read: all, stored, duplicate, quarantined, expired, skipped } = feed;
    expect(all).toBe(stored + duplicate + quarantined + expired + skipped);
  }
  const gaps = [{ from: "2026-02-05T01:00:00.000Z", to: "2026-02-05T05:00:00.000Z" }];
  expect(scan.summary.feeds.filter((feed) => feed.gaps.length > 0).map(({ type, gaps: found }) => [type, found])).toEqual([
    ["AuditEvent", gaps],
    ["Provenance", gaps],
    ["Task", gaps],
  ]);

  const pull = await run("pull", ...from, "--site", "pulled");
  expect(pull.stdout).toContain("Site pulled: read, and not judged yet.");
  expect(pull.stdout).toContain("detect --site pulled");
  const detect = await runJson("detect", "--site", "pulled", "--now", now);
  const rebuild = await runJson("rebuild", "--site", "scanned", "--now", now);
  expect(detect.summary.signals).toEqual(scan.summary.signals);
  expect(rebuild.summary.signals).toEqual(scan.summary.signals);
  expect([detect.summary.run.kind, rebuild.summary.run.kind]).toEqual(["detect", "rebuild"]);
});

test("what was not seen comes first and loudest, and what to try next last", async () => {
  const { code, stdout } = await run("scan", "--from", join(hospital, "north"), "--site", "scanned", "--now", now);
  expect(code).toBe(3);
  const [first, second, third] = stdout.split("\n");
  expect([first, second, third]).toEqual([
    "INCOMPLETE: scanned was not seen whole. What is not listed may still have been missed.",
    "  Not looked at from 2026-02-05 01:00 to 05:00 UTC: what opened then is in no list (task-overdue).",
    "  AuditEvent, Provenance, Task were not read from 2026-02-05 01:00 to 05:00 UTC.",
  ]);
  expect(stdout).toContain("Site scanned, judged as at 2026-03-16 09:00 UTC (as --now says).");
  expect(stdout).toContain("Unknown, and what would settle it:");
  expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/doctor --site scanned {2,}says what/);
});

test("doctor tells what runs, what runs blind and why, and what share is filled in", async () => {
  await run("scan", "--from", join(hospital, "south"), "--site", "south", "--now", now);
  const { code, stdout } = await run("doctor", "--site", "south", "--json");
  expect(code).toBe(3);
  const [site] = (
    JSON.parse(stdout) as {
      sites: {
        diagnosis: string;
        lastGood: object;
        populated: object[];
        signals: { id: string; isOn: boolean; state: string; because: { kind: string }[] }[];
      }[];
    }
  ).sites;
  expect(site).toMatchObject({ diagnosis: "blind", lastGood: { kind: "scan", startedAt: "2026-03-20T12:00:00.000Z" } });
  const on = site?.signals.filter(({ isOn }) => isOn);
  expect(on?.map(({ id, state, because }) => [id, state, because.map(({ kind }) => kind)])).toEqual([
    ["critical-uncommunicated", "runs", []],
    ["order-unresulted", "runs", []],
    ["result-no-action", "runs", []],
    ["result-unacknowledged", "blind", ["never-seen"]],
    ["task-overdue", "blind", ["never-seen"]],
  ]);
  expect(site?.populated).toContainEqual({
    source: "folder",
    type: "AuditEvent",
    records: 2,
    shares: { person: 2, patient: 0, "known activity": 2 },
  });
  const words = await run("doctor", "--site", "south");
  expect(words.stdout).toMatch(
    /result-unacknowledged \(on\): RUNS BLIND\n +! Nobody ever recorded here, in a form that we read, that\s+the\s+result\s+is\s+acknowledged/,
  );
});

test("two sources that give different contents for one id fail in doctor, unless they mirror each other; a crowded identifier is told without its value", async () => {
  const nhsNumber = { system: "https://fhir.nhs.uk/Id/nhs-number", value: "9990000042" };
  const write = (source: string, name: string): string => {
    const made = join(folder, source);
    mkdirSync(made);
    const patients = ["1", "2", "3", "4", "5", "6"].map((id) =>
      JSON.stringify({ resourceType: "Patient", id, name: [{ family: name }], identifier: [nhsNumber] }),
    );
    writeFileSync(join(made, "Patient.ndjson"), patients.join("\n"));
    return made;
  };
  const sources = { a: write("a", "One"), b: write("b", "Other") };
  for (const [source, from] of Object.entries(sources)) await run("scan", "--site", "mixed", "--source", source, "--from", from);
  const mixed = await run("doctor", "--site", "mixed");
  expect(mixed.code).toBe(2);
  expect(unwrapped(mixed.stdout)).toContain("FAILS: two sources give different contents for one id.");
  expect(unwrapped(mixed.stdout)).toContain("6 Patient differ between the sources a and b, such as Patient/1, Patient/2, Patient/3.");
  expect(unwrapped(mixed.stdout)).toContain(
    "One identifier of https://fhir.nhs.uk/Id/nhs-number is borne by 6 Patient records (Patient/1, Patient/2, Patient/3 …)",
  );
  expect(mixed.stdout).not.toContain(nhsNumber.value);

  const file = join(folder, "mirrors.yaml");
  writeFileSync(file, `sites: [{ name: mixed, sources: [{ name: a, folder: a }, { name: b, folder: b, mirrors: a }] }]`);
  const mirrored = await runHere(environmentOf(place, { FOLLOWTHROUGH_CONFIG: file }), "doctor", "--site", "mixed");
  expect(mirrored.stdout).not.toContain("FAILS");
  expect(mirrored.code).toBe(3);
});

test("every configured site is scanned in turn; one that cannot be keeps none of the others, and the worst exit code wins", async () => {
  const file = join(folder, "sites.yaml");
  const source = (name: string, path: string): string => `{ name: ${name}, sources: [{ name: export, folder: ${path} }] }`;
  writeFileSync(
    file,
    `sites: [${source("gone", "nowhere")}, ${source("first", join(hospital, "south"))}, ${source("second", join(hospital, "west"))}, { name: unread }]`,
  );
  const { code, stdout, stderr } = await runHere(environmentOf(place, { FOLLOWTHROUGH_CONFIG: file }), "scan", "--json", "--now", now);
  expect(code).toBe(2);
  expect(stderr).toBe(
    `Site gone was not scanned. There is no folder ${join(folder, "nowhere")}.\nCheck its name, and the folder that this command runs in.\n`,
  );
  const summaries = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Summary);
  expect(summaries.map(({ run: { site, state } }) => [site, state])).toEqual([
    ["first", "complete"],
    ["second", "incomplete"],
  ]);
  const one = await runHere(environmentOf(place, { FOLLOWTHROUGH_CONFIG: file }), "scan", "--site", "frist");
  expect(one).toMatchObject({ code: 2, stderr: expect.stringContaining('names no site "frist". Did you mean "first"?') as string });
});

test("--signals judges by those named, or by all", async () => {
  const from = ["scan", "--from", join(hospital, "south"), "--site", "few", "--now", now];
  const few = await runJson(...from, "--signals", "task-overdue, order-unresulted");
  expect(few.summary.signals.map(({ id }) => id)).toEqual(["order-unresulted", "task-overdue"]);
  const all = await runJson(...from, "--signals", "all");
  expect(all.summary.signals.map(({ id }) => id)).toEqual(expect.arrayContaining([...enabledByDefault]));
});
