import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import { readCatalogue } from "../../src/signals/catalogue.ts";
import { planHospital } from "../../src/simulate/hospital.ts";
import { coverageOf, planOutages } from "../../src/simulate/mess/outages.ts";
import { simulateHospital } from "../../src/simulate/simulate-hospital.ts";
import type { TruthLoop } from "../../src/simulate/truth/loop.ts";
import { toldSignals } from "../../src/simulate/truth/tell-truth.ts";
import { writeFolder } from "../../src/simulate/write-folder.ts";
import { scanSite } from "../../src/worker/scan.ts";
import { truncateAll } from "../db/truncate-all.ts";
import type { FoundLoop } from "./compare-loops.ts";
import type { Sample } from "./samples.ts";

const site = "simulated";
/** Later than everything simulated. */
const clock = (): number => Date.parse("2040-01-01T00:00:00Z");
/** What both know: the comparison is of these alone. */
export const comparedSignals = readCatalogue()
  .map(({ signal }) => signal)
  .filter(({ id }) => toldSignals.includes(id));

export interface Scanned {
  readonly truth: readonly TruthLoop[];
  readonly found: readonly FoundLoop[];
}

/** Simulates one hospital into a folder, as the command does, scans it as any other folder, and reads both sides. */
export async function scanSample(connection: Connection, { options }: Sample): Promise<Scanned> {
  const folder = await mkdtemp(join(tmpdir(), "followthrough-quality-"));
  try {
    const hospital = planHospital(options);
    const outages = planOutages(hospital);
    const { seed, mess } = options;
    const told = simulateHospital(hospital);
    await writeFolder(folder, { told, seed, mess, outages, coverage: coverageOf(hospital, outages) }, false);
    return await scanSimulated(connection, folder, hospital.now);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Scans a folder that `simulate` wrote into an emptied database, and reads both sides. */
export async function scanSimulated(connection: Connection, folder: string, now: number): Promise<Scanned> {
  await truncateAll(connection.db);
  const config = { ...siteConfig(loadConfig({ env: {} }), site), timeZone: "Europe/London", retention: "P20Y" };
  const sources = [{ name: "folder", folder }];
  await scanSite(connection, { config, sources, signals: comparedSignals, now }, { clock, makeId: randomUUID, random: () => 0 });
  return { truth: await readTruth(folder), found: await readFound(connection) };
}

async function readTruth(folder: string): Promise<TruthLoop[]> {
  const ids = comparedSignals.map(({ id }) => id);
  const lines = (await readFile(join(folder, "truth.ndjson"), "utf8")).split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as TruthLoop).filter(({ signal }) => ids.includes(signal));
}

async function readFound({ db }: Connection): Promise<FoundLoop[]> {
  const { rows } = await sql<FoundLoop>`select loop.signal, record.type || '/' || record.id as subject, loop.verdict, loop.reason,
      loop.opened_at as "openedAt", loop.due_at as "dueAt", loop.met_at as "metAt", loop.cancelling_gaps <> '[]' as "namesCancellingGap"
    from loop join record on record.resource_key = loop.subject_key
    where not loop.before_watch order by loop.opened_at, loop.loop_id`.execute(db);
  return rows;
}
