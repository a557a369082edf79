import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { commandLineViewer as everyone } from "../../src/domain/viewer.ts";
import { listCases } from "../../src/store/case.ts";
import { listFindings } from "../../src/store/finding.ts";
import { everySite, noneQuiet, readQuietSites, type QuietSites } from "../../src/store/quiet-sites.ts";
import { recordReview } from "../../src/store/review.ts";
import { finishRun, startRun } from "../../src/store/run.ts";
import { getSite } from "../../src/store/site.ts";
import { listUnknowns } from "../../src/store/unknown.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { scanResources } from "../worker/scan-resources.ts";
import { observation, order, patient, report, task, verify, wardTypes } from "./small-ward.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());
beforeEach(() => truncateAll(connection.db));

const coverage = Object.fromEntries(wardTypes.map((type) => [type, [["2026-02-01T00:00:00Z", "2026-03-16T09:00:00Z"] as const]]));
const ward = ["k", "m"].flatMap((id) => [patient(id), report(id), observation(id, "HH")]);
const newer = { versionId: "2", lastUpdated: "2026-03-02T09:00:00Z" };

async function list(quiet: QuietSites) {
  const { findings } = await listFindings(connection.db, everyone, { all: true }, { limit: 50 }, quiet);
  const { cases } = await listCases(connection.db, everyone, {}, { limit: 50 }, quiet);
  return { findings, cases };
}

test("what is remembered of findings and cases between two runs is what would be read anew, whatever changes", async () => {
  const review = async (): Promise<void> => {
    const of = { loopIds: [(await list(noneQuiet)).findings[0]!.id] };
    const at = Date.parse("2026-03-03T09:00:00Z");
    await recordReview(connection.db, everyone, { of, step: "note", reason: "seen", at, id: randomUUID() });
  };
  const steps: (object[] | typeof review)[] = [
    [...ward, verify("m", "2026-03-04T09:00:00Z")],
    review,
    // Another case, another encounter; another title; two people who are one; who looked before it was due.
    [report("k", { meta: newer, basedOn: [{ reference: "ServiceRequest/o" }], encounter: { reference: "Encounter/e" } }), order("o")],
    [task("t", { focus: { reference: "DiagnosticReport/k" } })],
    [patient("k", { meta: newer, link: [{ type: "replaces", other: { reference: "Patient/m" } }] })],
    review,
    [verify("k", "2026-03-01T09:30:00Z")],
    [report("m", { meta: newer, status: "entered-in-error" })],
  ];
  const shown = new Set<string>();
  for (const step of steps) {
    if (typeof step === "function") await step();
    else await scanResources(connection, { resources: step, coverage, now: "2026-03-10T09:00:00Z" });
    const quiet = await readQuietSites(connection.db);
    expect(quiet.has(everySite)).toBe(true);
    const anew = await list(noneQuiet);
    for (const time of ["first", "from memory"]) expect({ time, ...(await list(quiet)) }).toEqual({ time, ...anew });
    shown.add(JSON.stringify(anew));
  }
  // Each step showed something else, or it would prove nothing; only that two are one person shows in no list.
  expect(shown.size).toBe(steps.length - 1);
});

test("of a site that is being worked on nothing is remembered; when it is done, all is read once more", async () => {
  await scanResources(connection, { resources: ward, coverage, now: "2026-03-10T09:00:00Z" });
  const evidence = async (): Promise<number> => {
    const { findings } = await list(await readQuietSites(connection.db));
    return findings.reduce((sum, finding) => sum + finding.evidence.length, 0);
  };
  const before = await evidence();
  expect(before).toBeGreaterThan(0);
  const { siteId } = await getSite(connection.db, "default");
  await sql`delete from care_event`.execute(connection.db);
  expect(await evidence()).toBe(before);
  const id = randomUUID();
  await startRun(connection.db, { id, siteId, kind: "pull", startedAt: 0 });
  expect(await readQuietSites(connection.db)).toEqual(new Map());
  expect(await evidence()).toBe(0);
  await finishRun(connection.db, id, { now: undefined, finishedAt: 0, state: "complete", summary: null });
  expect(await evidence()).toBe(0);
});

test("what nobody can judge is told anew once a scan has changed it", async () => {
  const filter = { all: true };
  const told = async (): Promise<[number, unknown, unknown]> => {
    const lines = await listUnknowns(connection.db, everyone, filter, await readQuietSites(connection.db));
    // Within a transaction nothing is remembered.
    const anew = await connection.db.transaction().execute((transaction) => listUnknowns(transaction, everyone, filter));
    return [lines.reduce((sum, line) => sum + line.count, 0), lines, anew];
  };
  await scanResources(connection, { resources: ward, coverage: {}, now: "2026-03-10T09:00:00Z" });
  const [before, ...both] = await told();
  expect(both[0]).toEqual(both[1]);
  await scanResources(connection, { resources: ward, coverage, now: "2026-03-10T09:00:00Z" });
  const [after, lines, anew] = await told();
  expect(lines).toEqual(anew);
  // The scan changed it, or this would prove nothing.
  expect(after).toBeGreaterThan(before);
});
