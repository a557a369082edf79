import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import type { SiteConfig } from "../../src/config/config.ts";
import { connect } from "../../src/db/connect.ts";
import { scratchDatabase, scratchPlace } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { makeFolder } from "../fhir/make-folder.ts";
import { deliver } from "../hospital/delivery.ts";
import { rollDice, type Dice } from "../hospital/dice.ts";
import { makeHospital, type Hospital } from "../hospital/hospital.ts";
import { countStatements } from "./count-statements.ts";
import { instantsOf, scanHospital, withFolders } from "./engine-hospital.ts";
import { outcomeDifferences } from "./outcome-differences.ts";
import { readOutcome, readStored } from "./outcome.ts";
import type { ChildOrders } from "./scan-child.ts";
import { listSeeds } from "./seeds.ts";
import { waitForTheDead } from "./wait-for-the-dead.ts";

const connection = await scratchDatabase();
const { db } = connection;
const child = fileURLToPath(new URL("scan-child.ts", import.meta.url));
/** How often what was stored, and what was concluded, was another after the change; how often the zone changed. */
const tally = { stored: 0, concluded: 0, zone: 0, killed: 0 };

afterAll(() => connection.close());

describe("what is held follows a change of the mapping and of what else normalising rests on", () => {
  it.each(listSeeds(12))("seed %i: it ends as the same resources read anew, and as before where the change is taken back", async (seed) => {
    const hospital = makeDeclared(seed);
    const now = instantsOf(hospital).at(-1)!;
    const change = rollChange(rollDice(seed, 6));
    await withFolders(deliver(hospital, seed, { parts: 2 }), async (folders) => {
      await truncateAll(db);
      await scanHospital(connection, { hospital, folders, now, change });
      const expected = { outcome: await readOutcome(db), stored: await readStored(db) };
      await truncateAll(db);
      await scanHospital(connection, { hospital, folders, now });
      const before = { outcome: await readOutcome(db), stored: await readStored(db) };
      if (change.timeZone !== undefined) tally.zone += 1;
      count(before.stored, expected.stored, outcomeDifferences("", before.outcome, expected.outcome));

      await scanHospital(connection, { hospital, folders: [], now, change });
      expect(outcomeDifferences("changed", expected.outcome, await readOutcome(db))).toEqual([]);
      expect(await readStored(db)).toEqual(expected.stored);
      await scanHospital(connection, { hospital, folders: [], now });
      expect(outcomeDifferences("taken back", before.outcome, await readOutcome(db))).toEqual([]);
      expect(await readStored(db)).toEqual(before.stored);
    });
  });

  it.each([3, 6, 8])("seed %i: a process killed while it normalises anew, and run again, ends there too", async (seed) => {
    const hospital = makeDeclared(seed);
    const now = instantsOf(hospital).at(-1)!;
    const change = rollChange(rollDice(seed, 6));
    await withFolders(deliver(hospital, seed, { parts: 1 }), async (folders) => {
      await truncateAll(db);
      await scanHospital(connection, { hospital, folders, now });
      const told: number[] = [];
      let statements = 0;
      const counted = countStatements(connection, (number) => (statements = number));
      await scanHospital(counted, { hospital, folders: [], now, change, onNormalising: () => told.push(statements) });
      const expected = { outcome: await readOutcome(db), stored: await readStored(db) };
      const place = await scratchPlace();
      try {
        const first = await connect(place);
        await scanHospital(first, { hospital, folders, now });
        await first.close();
        const dieAt = rollDice(seed, 7).int(told[0]! + 1, told.at(-1)!);
        await killAt({ ...place, timeZone: hospital.timeZone, steps: [{ now }], change, dieAt });
        const again = await connect(place);
        await waitForTheDead(again);
        await scanHospital(again, { hospital, folders: [], now, change });
        expect(outcomeDifferences("killed and run again", expected.outcome, await readOutcome(again.db))).toEqual([]);
        expect(await readStored(again.db)).toEqual(expected.stored);
        await again.close();
      } finally {
        await place.remove();
      }
    });
  });

  it("has been tried on changes of what is stored and of what is concluded, of zones, and on processes that were killed", () => {
    console.log("Changed contexts", tally);
    expect(Object.entries(tally).filter(([, times]) => times === 0)).toEqual([]);
  });
});

async function killAt({ databaseUrl, dataDir, timeZone, steps, change, dieAt }: ChildOrders): Promise<void> {
  const orders = { databaseUrl, dataDir, timeZone, steps, change, dieAt };
  const [, signal] = (await once(fork(child, [JSON.stringify(orders)], { execArgv: [] }), "exit")) as [unknown, string | null];
  expect(signal).toBe("SIGKILL");
  tally.killed += 1;
}

function count(before: readonly unknown[], after: readonly unknown[], differences: readonly string[]): void {
  const texts = new Set(before.map((row) => JSON.stringify(row)));
  if (after.some((row) => !texts.has(JSON.stringify(row)))) tally.stored += 1;
  if (differences.length > 0) tally.concluded += 1;
}

const mappings = [
  "reviews: []",
  "reviews: { add: [{ codes: [telephone] }] }",
  "evidence: { viewed: [], acknowledged: { add: [{ from: AuditEvent, action: [R] }] } }",
  "evidence: { acknowledged: [AuditEvent], communicated: { add: [{ from: Task, code: [review] }] } }",
  "interpretations: { critical: { add: [H] } }",
  "critical-limits: { add: [{ name: potassium, unit: mmol/L, loinc: [2823-3, 6298-4], low: 3, high: 5 }] }",
  "audit: { success: [] }",
  "orders: { laboratory: [] }",
  "reports: { laboratory: [], other: [] }\nlabels: { test: [], restricted: [] }",
];

/**
 * A hospital that declares the coverage of every type: what is assumed rests on the times of a folder as they were read, and
 * is told anew only when the folder is read again.
 */
function makeDeclared(seed: number): Hospital {
  const hospital = makeHospital(seed);
  const types = new Set(hospital.resources.flatMap(({ resourceType }) => (typeof resourceType === "string" ? [resourceType] : [])));
  const all = Object.fromEntries([...types].map((type) => [type, [["2024-01-01T00:00:00Z", hospital.nows.at(-1)!]]]));
  return { ...hospital, coverage: { ...all, ...hospital.coverage } as Hospital["coverage"] };
}

/** A mapping file, and mostly something else. */
function rollChange(dice: Dice): Partial<SiteConfig> {
  const mapping = `${makeFolder({ "mapping.yaml": dice.pick(mappings) })}/mapping.yaml`;
  return {
    mapping,
    ...(dice.chance(0.4) && { timeZone: dice.pick(["UTC", "America/New_York", "Australia/Lord_Howe"]) }),
    ...(dice.chance(0.4) && { foreignBases: ["https://fhir.hospital.example/r4"] }),
    ...(dice.chance(0.4) && { joiningIdentifiers: dice.pick([[], ["https://hospital.example/Id/mrn"]]) }),
    ...(dice.chance(0.3) && { machineNames: ["Scanner"] }),
  };
}
