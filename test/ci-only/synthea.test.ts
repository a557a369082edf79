import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { writeOver } from "../../src/simulate/over/write-over.ts";
import { toldOverGiven } from "../../src/simulate/truth/tell-truth.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { compareLoops } from "../quality/compare-loops.ts";
import { scanSimulated } from "../quality/scan-sample.ts";
import { countByType, isVisitNote, listResources, type Found } from "./count-resources.ts";
import { listLoops, scanFolder } from "./scan-folder.ts";
import { makePopulation } from "./synthea-population.ts";

/** A population that somebody else's program invented: what nobody here had in mind when the rules were written. */
let population = "";
let found: Found[] = [];
/** By its name the category codes of each. */
let observations = new Map<string, string[]>();
let connection: Connection;
beforeAll(async () => {
  population = makePopulation();
  found = [...listResources(population)];
  observations = new Map(
    found.filter(({ type }) => type === "Observation").map((each) => [nameOf(each), codesOf(each.resource?.["category"])]),
  );
  connection = await scratchDatabase();
}, 240_000);
afterAll(() => connection.close());

const reports = (): Found[] => found.filter(({ type }) => type === "DiagnosticReport");
const nameOf = ({ type, resource }: Found): string => `${type}/${String(resource?.["id"])}`;

/** Its category says so; where it has none, an Observation that it names is of a laboratory, of imaging, of a procedure or of nobody knows what. */
function isResult({ resource }: Found): boolean {
  const categories = codesOf(resource?.["category"]);
  if (categories.length > 0) return categories.includes("LAB");
  const named = ((resource?.["result"] ?? []) as { reference: string }[]).map(({ reference }) => observations.get(reference) ?? []);
  return named.some((codes) => codes.length === 0 || codes.some((code) => ["laboratory", "imaging", "procedure"].includes(code)));
}

function codesOf(category: unknown): string[] {
  return ((category ?? []) as { coding?: { code?: string }[] }[]).flatMap(({ coding = [] }) => coding.map(({ code = "" }) => code));
}

/** The same files, with coverage said for every type: all of it was read. */
function withCoverage(): string {
  const folder = mkdtempSync(join(tmpdir(), "followthrough-synthea-covered-"));
  for (const name of readdirSync(population)) symlinkSync(join(population, name), join(folder, name));
  const types = ["DiagnosticReport", "Observation", "Provenance", "Procedure", "CarePlan", "MedicationRequest"];
  writeFileSync(
    join(folder, "coverage.json"),
    JSON.stringify(Object.fromEntries(types.map((type) => [type, [["1900-01-01T00:00:00Z", "2026-03-01T00:00:00Z"]]]))),
  );
  return folder;
}

test("as exported: every resource is accounted for, no visit note opens a loop, and nothing is said to be late or missed", async () => {
  const started = performance.now();
  const { feeds } = await scanFolder(connection, "synthea", population);
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `Synthea: ${found.length} resources scanned in ${seconds.toFixed(1)} s, ${Math.round(process.resourceUsage().maxRSS / 1024)} MB at most`,
  );

  expect(Object.fromEntries(feeds.filter(({ read }) => read > 0).map(({ type, read }) => [type, read]))).toEqual(countByType(found));
  expect(feeds.filter((feed) => feed.read !== feed.stored + feed.duplicate + feed.quarantined + feed.expired + feed.skipped)).toEqual([]);

  const loops = await listLoops(connection, "synthea");
  const notes = new Set(reports().filter(isVisitNote).map(nameOf));
  expect(notes.size).toBeGreaterThan(reports().length / 2);
  expect(loops.filter(({ subject }) => notes.has(subject))).toEqual([]);
  const results = reports().filter((report) => !isVisitNote(report) && isResult(report));
  expect(loops.map(({ subject }) => subject).toSorted()).toEqual(results.map(nameOf).toSorted());
  expect(new Set(loops.map(({ signal, verdict }) => `${signal} ${verdict}`))).toEqual(new Set(["result-unacknowledged unknown"]));
});

test("read again with its coverage said: nothing is stored twice, acknowledgement was never seen, and of nothing else is anything said", async () => {
  const folder = withCoverage();
  const before = await listLoops(connection, "synthea");
  const { feeds, signals, run } = await scanFolder(connection, "synthea", folder, { now: Date.parse("2026-03-01T00:00:00Z") });
  rmSync(folder, { recursive: true });
  expect(feeds.filter(({ stored }) => stored > 0)).toEqual([]);
  const loops = await listLoops(connection, "synthea");
  expect(loops.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  const due = loops.filter(({ dueAt }) => dueAt <= run.now);
  expect(due.length).toBeGreaterThan(100);
  expect(new Set(due.map(({ signal, verdict, reason }) => `${signal} ${verdict} ${String(reason)}`))).toEqual(
    new Set(["result-unacknowledged unknown never-seen"]),
  );
  expect(loops.filter(({ dueAt, verdict }) => dueAt > run.now && verdict !== "pending")).toEqual([]);
  // No order for a test, no Task, no flag or range to call a result abnormal by, and no critical value in the units of our table.
  const opened = Object.fromEntries(signals.map((signal) => [signal.id, signal.opened]));
  expect(opened).toMatchObject({ "result-unacknowledged": loops.length, "result-no-action": 0, "critical-uncommunicated": 0 });
  expect(opened["order-unresulted"] ?? 0).toBe(0);
  expect(opened["task-overdue"] ?? 0).toBe(0);
});

test("conditional references lead to the practitioners that bear the identifier, and every report to its patient", async () => {
  const { rows: lost } = await sql`select record.id from record join site on site.site_id = record.site_id
    where site.name = 'synthea' and record.type = 'DiagnosticReport' and not exists
      (select from record as patient where patient.resource_key = record.patient_key and patient.type = 'Patient')`.execute(connection.db);
  expect(lost).toEqual([]);
  const named = new Set(
    found.flatMap(({ resource }) =>
      [...JSON.stringify(resource ?? {}).matchAll(/Practitioner\?identifier=([^"]+)"/g)].map(([, identifier]) => identifier ?? ""),
    ),
  );
  expect(named.size).toBeGreaterThan(5);
  const npis = found.filter(({ type }) => type === "Practitioner").map((each) => [npiOf(each), nameOf(each)] as const);
  const { rows } = await sql<{ actor: string; name: string }>`select distinct event.actor, alias.name from care_event as event
    join alias on alias.alias_key = event.actor_key join site on site.site_id = event.site_id
    where site.name = 'synthea' and event.actor like 'http://hl7.org/fhir/sid/us-npi|%' and alias.name like 'Practitioner/%'`.execute(
    connection.db,
  );
  const truth = new Map(npis);
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.filter(({ actor, name }) => truth.get(actor.split("|")[1] ?? "") !== name)).toEqual([]);
});

test("staff laid over it: the scan agrees with the truth on every loop of ten years", async () => {
  const folder = mkdtempSync(join(tmpdir(), "followthrough-synthea-staffed-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const started = performance.now();
  const options = { seed: 7, days: 3_650, dialect: "iso21089", mess: { declared: 0, undeclared: 0 }, auditEvents: 0 } as const;
  const written = await writeOver(population, join(folder, "staffed"), options, false);
  const { truth, found: scanned } = await scanSimulated(connection, join(folder, "staffed"), written?.hospital.now ?? 0);
  console.log(`Synthea with staff: ${truth.length} loops in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  expect(truth.filter(({ signal }) => signal === "result-unacknowledged").length).toBeGreaterThan(30);
  expect(truth.map(({ verdict }) => verdict)).toEqual(expect.arrayContaining(["met", "late"]));
  expect(
    compareLoops(
      truth,
      scanned.filter(({ signal }) => toldOverGiven.includes(signal)),
    ).filter(({ standing, isExact }) => standing !== "agree" || !isExact),
  ).toEqual([]);
}, 240_000);

function npiOf({ resource }: Found): string {
  const identifiers = (resource?.["identifier"] ?? []) as { system?: string; value?: string }[];
  return identifiers.find(({ system }) => system === "http://hl7.org/fhir/sid/us-npi")?.value ?? "";
}
