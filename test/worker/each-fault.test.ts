import { afterAll, beforeAll, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { UserError } from "../../src/domain/user-error.ts";
import { faultTable } from "../../src/fhir-server/faults/fault-table.ts";
import { planFaults } from "../../src/fhir-server/faults/plan-faults.ts";
import { listCoverage } from "../../src/store/coverage.ts";
import { getSite } from "../../src/store/site.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { outcomeDifferences } from "../property/outcome-differences.ts";
import { readOutcome, readStored, type Outcome } from "../property/outcome.ts";
import { observation, order, patient, report, task, verify } from "../store/small-ward.ts";
import { startDisturbingProxy, type DisturbingProxy } from "./disturbing-proxy.ts";
import { scanServer } from "./scan-server.ts";
import { serveWard } from "./served-ward.ts";

interface End {
  readonly outcome: Outcome;
  readonly stored: readonly object[];
  readonly coverage: readonly object[];
}

let connection: Connection;
let proxy: DisturbingProxy;
let expected: End;

beforeAll(async () => {
  [connection, proxy] = await Promise.all([scratchDatabase(), startDisturbingProxy()]);
});
afterAll(async () => {
  await proxy.close();
  await connection.close();
});

const dated = (resource: ReturnType<typeof verify>, at: string): object => ({ ...resource, meta: { versionId: "1", lastUpdated: at } });
const verified = (of: string, at: string): object => dated(verify(of, at), at);
/** Of some types several pages of two, and something that was written a minute before the first scan. */
const ward = [
  ...["a", "b", "c", "d", "e"].flatMap((name) => [patient(name), report(name), observation(name, "HH")]),
  ...["a", "b", "c", "d"].map((name, hour) => verified(name, `2026-03-01T1${hour}:30:00Z`)),
  verified("e", "2026-03-01T23:59:00Z"),
  ...["t", "u", "v"].flatMap((id) => [
    task(id),
    task(id, { meta: { versionId: "2", lastUpdated: "2026-03-01T13:00:00Z" }, status: "completed" }),
  ]),
  order("o"),
];

async function serve(at: string): Promise<void> {
  await serveWard(proxy, ward, { at, maxCount: 2 });
}

const patience = { timeoutMs: 250, bodyMs: 250, waitsMs: [0], sleep: () => Promise.resolve() };

async function scan(): Promise<string> {
  const asked = { url: proxy.url, clock: proxy.clock, since: "2026-02-20T00:00:00Z", lagMs: 10 * 60_000, patience };
  const { run } = await scanServer(connection, asked);
  return run.notes.failedWindows.length + run.notes.serverRemarks.length === 0 ? "all given" : "part given";
}

async function readEnd(): Promise<End> {
  const { db } = connection;
  const { siteId } = await getSite(db, "default");
  return { outcome: await readOutcome(db), stored: await readStored(db), coverage: await listCoverage(db, siteId) };
}

test("the ward, undisturbed", async () => {
  await serve("2026-03-02T01:00:00Z");
  expect(await scan()).toBe("all given");
  expected = await readEnd();
  expect(new Set(expected.outcome.loops.map(({ verdict }) => verdict))).toEqual(new Set(["late", "met", "pending"]));
});

const asked = faultTable.map(({ name }) => name);

test.each(asked)("after %s alone, a scan that nothing befalls ends where a single one does", async (name) => {
  await truncateAll(connection.db);
  await serve("2026-03-02T00:00:00Z");
  const times = (): number => proxy.front.happened.get(name) ?? 0;
  for (let round = 0; round < 8 && times() === 0; round++) await befallen(name, round);
  expect(times()).toBeGreaterThan(0);
  await serve("2026-03-02T01:00:00Z");
  expect(await scan()).toBe("all given");
  const end = await readEnd();
  expect(outcomeDifferences(`after ${name}`, expected.outcome, end.outcome)).toEqual([]);
  expect({ ...end, outcome: undefined }).toEqual({ ...expected, outcome: undefined });
});

async function befallen(name: string, round: number): Promise<void> {
  proxy.front.follow(planFaults({ seed: 1, round, share: 0.3, only: [name] }));
  try {
    await scan();
  } catch (error) {
    // It said what is the matter before it had read anything.
    if (!(error instanceof UserError)) throw error;
  }
}
