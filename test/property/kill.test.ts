import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { afterAll, describe, expect, it } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import type { Instant } from "../../src/domain/instant.ts";
import { scratchDatabase, type ScratchPlace } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { deliverByTime } from "../hospital/delivery.ts";
import { rollDice } from "../hospital/dice.ts";
import { makeHospital, type Hospital } from "../hospital/hospital.ts";
import { countStatements } from "./count-statements.ts";
import { instantsOf, scanHospital, withFolders } from "./engine-hospital.ts";
import { outcomeDifferences } from "./outcome-differences.ts";
import { readOutcome, readStored } from "./outcome.ts";
import type { ChildOrders, ChildWord } from "./scan-child.ts";
import { count, countHospital, countLoops, printTally, startTally } from "./tally.ts";
import { withConnection, withScratchPlace } from "./scratch-work.ts";

const child = fileURLToPath(new URL("scan-child.ts", import.meta.url));
/** Of each hospital, one scan after another is killed this often before it may end. */
const kills = Number(process.env["FOLLOWTHROUGH_KILLS"] ?? 1);
/** Six that hold between them every verdict, reason and encoding, each several times. */
const seeds = process.env["DATABASE_URL"] === undefined ? [6, 35, 56] : [6, 33, 35, 43, 56, 57];
const calm = await scratchDatabase();
const tally = startTally("real SIGKILL", "run interrupted");

type Steps = readonly { readonly folder: string; readonly now: Instant }[];

afterAll(() => calm.close());

describe("a process killed at any instant", () => {
  it.each(seeds)("seed %i: a scan killed and run again ends where one that was never killed does", async (seed) => {
    const hospital = makeHospital(seed);
    const nows = instantsOf(hospital);
    countHospital(tally, hospital);
    await withFolders(deliverByTime(hospital, seed), async (folders) => {
      const steps = folders.map((folder, place) => ({ folder, now: nows[place]! }));
      await truncateAll(calm.db);
      const undisturbed = await scanToTheEnd(calm, hospital, steps);
      countLoops(tally, undisturbed.outcome);
      await withScratchPlace(async (place) => {
        const dice = rollDice(seed, kills);
        let done = 0;
        for (let kill = 0; kill < kills && done < steps.length; kill++) {
          done += await scanAndKill(place, hospital, steps.slice(done), {
            tellAt: dice.int(1, Math.floor(undisturbed.statements / kills)),
          });
        }
        const killed = await withConnection(place, (connection) => scanToTheEnd(connection, hospital, steps.slice(done)));
        expect(outcomeDifferences("killed and run again", undisturbed.outcome, killed.outcome)).toEqual([]);
        expect(killed.stored).toEqual(undisturbed.stored);
        expect(killed.runs.filter((run) => run.state === "running" || run.state === "failed")).toEqual([]);
        expect(killed.runs.filter((run) => !run.addsUp)).toEqual([]);
        count(tally, "run interrupted", killed.runs.filter((run) => run.state === "interrupted").length);
      });
    });
  });

  it("killed when it has judged every patient at a later now, and not said so: a scan at an earlier one judges them all again", async () => {
    const hospital = makeHospital(6);
    const nows = instantsOf(hospital);
    const earlier = nows.at(-2)!;
    await withFolders(deliverByTime(hospital, 6), async (folders) => {
      const steps = folders.map((folder, place) => ({ folder, now: nows[place]! }));
      await truncateAll(calm.db);
      const { lastOnSite } = await scanToTheEnd(calm, hospital, steps);
      await truncateAll(calm.db);
      await scanHospital(calm, { hospital, folders, now: earlier });
      const expected = await readOutcome(calm.db);
      await withScratchPlace(async (place) => {
        expect(await scanAndKill(place, hospital, steps, { dieAt: lastOnSite })).toBe(steps.length - 1);
        const found = await withConnection(place, async (connection) => {
          await scanHospital(connection, { hospital, folders: [], now: earlier });
          return readOutcome(connection.db);
        });
        expect(outcomeDifferences("at the earlier now", expected, found)).toEqual([]);
      });
    });
  });

  it("has really been killed, on every verdict, reason and encoding, on merges, unmerges, late versions, changed dues and filled gaps", () => {
    expect(printTally(`Killed, ${seeds.length} hospitals`, tally)).toEqual([]);
    expect(tally.get("real SIGKILL")).toBeGreaterThanOrEqual(seeds.length * kills);
  });
});

/** Returns how many scans the child ended before it was killed. */
async function scanAndKill(
  { databaseUrl, dataDir }: ScratchPlace,
  { timeZone }: Hospital,
  steps: Steps,
  when: Pick<ChildOrders, "tellAt" | "dieAt">,
): Promise<number> {
  const orders: ChildOrders = { databaseUrl, dataDir, timeZone, steps, ...when };
  const running = fork(child, [JSON.stringify(orders)], { execArgv: [] });
  let done = 0;
  running.on("message", (word: ChildWord) => {
    if (word === "reached") running.kill("SIGKILL");
    else done = word;
  });
  const [code, signal] = (await once(running, "exit")) as [number | null, NodeJS.Signals | null];
  if (signal === "SIGKILL") count(tally, "real SIGKILL");
  else expect(code).toBe(0);
  return done;
}

async function scanToTheEnd(connection: Connection, hospital: Hospital, steps: Steps) {
  let statements = 0;
  let lastOnSite = 0;
  const counted = countStatements(connection, (number, updates) => {
    statements = number;
    if (updates === "site") lastOnSite = number;
  });
  for (const { folder, now } of steps) await scanHospital(counted, { hospital, folders: [folder], now });
  const { db } = connection;
  const { rows: runs } = await sql<{ state: string; addsUp: boolean }>`select state, coalesce((select bool_and(
      read = stored + duplicate + quarantined + expired + skipped) from run_feed where run_feed.run_id = run.run_id), true) as "addsUp" from run`.execute(
    db,
  );
  return { statements, lastOnSite, runs, outcome: await readOutcome(db), stored: await readStored(db) };
}
