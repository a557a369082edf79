import { afterAll, describe, expect, it } from "vitest";
import type { Instant } from "../../src/domain/instant.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { deliver } from "../hospital/delivery.ts";
import { makeHospital, type Hospital } from "../hospital/hospital.ts";
import { instantsOf, scanHospital, withFolders } from "./engine-hospital.ts";
import { outcomeDifferences } from "./outcome-differences.ts";
import { readOutcome, readStored, type Outcome } from "./outcome.ts";
import { listSeeds } from "./seeds.ts";
import { count, countHospital, countLoops, printTally, startTally } from "./tally.ts";

const connection = await scratchDatabase();
const seeds = listSeeds(12, 6);
const tally = startTally("delivery shuffled and split", "delivery repeated");

afterAll(() => connection.close());

describe("the order of arrival does not matter", () => {
  it.each(seeds)(
    "seed %i: shuffled, split, duplicated and repeated, in one scan or in many, it ends in the same loops and findings",
    async (seed) => {
      const hospital = makeHospital(seed);
      const now = instantsOf(hospital).at(-1)!;
      const expected = await withFolders(deliver(hospital, 0, { parts: 1, duplicate: false, shuffle: false }), (folders) =>
        scanAfresh(hospital, folders, now),
      );
      const stored = await readStored(connection.db);
      countHospital(tally, hospital);
      countLoops(tally, expected);

      const differences = await withFolders(deliver(hospital, seed, { parts: 2 + (seed % 3) }), async (folders) => {
        count(tally, "delivery shuffled and split", folders.length);
        const atOnce = outcomeDifferences("all in one scan", expected, await scanAfresh(hospital, folders, now));
        expect(await readStored(connection.db)).toEqual(stored);
        await truncateAll(connection.db);
        const each = outcomeDifferences("a scan for each", expected, await scanOneByOne(hospital, folders, now));
        count(tally, "delivery repeated", folders.length);
        const repeated = outcomeDifferences(
          "each once more, the last first",
          expected,
          await scanOneByOne(hospital, folders.toReversed(), now),
        );
        expect(await readStored(connection.db)).toEqual(stored);
        return [...atOnce, ...each, ...repeated];
      });
      expect(differences).toEqual([]);
    },
  );

  it("has been tried on every verdict, reason and encoding, on merges, unmerges, late versions, changed dues and gaps", () => {
    expect(printTally(`Arrival, ${seeds.length} hospitals`, tally)).toEqual([]);
  });
});

async function scanAfresh(hospital: Hospital, folders: readonly string[], now: Instant): Promise<Outcome> {
  await truncateAll(connection.db);
  await scanHospital(connection, { hospital, folders, now });
  return readOutcome(connection.db);
}

async function scanOneByOne(hospital: Hospital, folders: readonly string[], now: Instant): Promise<Outcome> {
  for (const folder of folders) await scanHospital(connection, { hospital, folders: [folder], now });
  return readOutcome(connection.db);
}
