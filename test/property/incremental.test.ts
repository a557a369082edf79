import { afterAll, describe, expect, it } from "vitest";
import type { Instant } from "../../src/domain/instant.ts";
import type { ScanOptions } from "../../src/worker/scan.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { deliverByTime } from "../hospital/delivery.ts";
import { makeHospital } from "../hospital/hospital.ts";
import { instantsOf, scanHospital, withFolders } from "./engine-hospital.ts";
import { outcomeDifferences } from "./outcome-differences.ts";
import { readOutcome, type Outcome } from "./outcome.ts";
import { listSeeds } from "./seeds.ts";
import { count, countHospital, countLoops, printTally, startTally } from "./tally.ts";

const connection = await scratchDatabase();
const seeds = listSeeds(12, 6);
const tally = startTally("later now", "earlier now", "relate", "judge");

afterAll(() => connection.close());

/** One scan: what it reads, and as at when it judges. */
interface Step {
  readonly name: string;
  /** Place of the delivery that it reads; none: what is held is judged. */
  readonly reads?: number;
  readonly now: Instant;
  readonly rebuild?: ScanOptions["rebuild"];
}

describe("incremental equals full", () => {
  it.each(seeds)(
    "seed %i: after every scan, at a later now or an earlier one, a database is what a fresh one would be, and one with nothing new costs nothing",
    async (seed) => {
      const hospital = makeHospital(seed);
      const steps = planSteps(instantsOf(hospital));
      countHospital(tally, hospital);
      const differences = await withFolders(deliverByTime(hospital, seed), async (folders) => {
        const expected = new Map<string, Outcome>();
        for (const [place, step] of steps.entries()) {
          const read = readSoFar(steps, place).map((part) => folders[part] ?? "");
          if (expected.has(keyOf(read, step.now))) continue;
          await truncateAll(connection.db);
          await scanHospital(connection, { hospital, folders: read, now: step.now });
          expected.set(keyOf(read, step.now), await readOutcome(connection.db));
        }
        await truncateAll(connection.db);
        const found: string[] = [];
        for (const [place, step] of steps.entries()) {
          const folder = step.reads === undefined ? undefined : folders[step.reads];
          await scanHospital(connection, {
            hospital,
            folders: folder === undefined ? [] : [folder],
            now: step.now,
            ...(step.rebuild && { rebuild: step.rebuild }),
          });
          const outcome = await readOutcome(connection.db);
          countLoops(tally, outcome);
          const read = readSoFar(steps, place).map((part) => folders[part] ?? "");
          found.push(...outcomeDifferences(step.name, expected.get(keyOf(read, step.now))!, outcome));
        }
        let judged = 0;
        await scanHospital(connection, { hospital, folders: [], now: steps.at(-1)!.now, onJudging: () => (judged += 1) });
        if (judged > 0) found.push("a scan at the same now, with nothing new, judged patients");
        return found;
      });
      countSteps(steps);
      expect(differences).toEqual([]);
    },
  );

  it("has been tried on every verdict, reason and encoding, on merges, unmerges, late versions, changed dues, filled gaps and earlier nows", () => {
    expect(printTally(`Incremental, ${seeds.length} hospitals`, tally)).toEqual([]);
  });
});

/** Every delivery at its own now, one of them at an earlier one; then back, forth again, and a rebuild. */
function planSteps(nows: readonly Instant[]): Step[] {
  const [first, second, last] = [nows[0]!, nows[1]!, nows.at(-1)!];
  const middle = nows.length - 2;
  return [
    ...nows.flatMap((now, place): Step[] =>
      place === middle
        ? [
            { name: `delivery ${place}, read at the first now again`, reads: place, now: first },
            { name: `judged at now ${place}`, now },
          ]
        : [{ name: `delivery ${place}`, reads: place, now }],
    ),
    { name: "back to the second now", now: second },
    { name: "at the last now again", now: last },
    { name: "related and judged anew", now: last, rebuild: "relate" },
    { name: "judged anew at the second now", now: second, rebuild: "judge" },
  ];
}

function readSoFar(steps: readonly Step[], place: number): number[] {
  return steps.slice(0, place + 1).flatMap((step) => step.reads ?? []);
}

function keyOf(read: readonly string[], now: Instant): string {
  return `${read.join(" ")} ${now}`;
}

function countSteps(steps: readonly Step[]): void {
  steps.forEach((step, place) => {
    const before = steps[place - 1]?.now ?? step.now;
    if (step.now > before) count(tally, "later now");
    if (step.now < before) count(tally, "earlier now");
    if (step.rebuild) count(tally, step.rebuild);
  });
}
