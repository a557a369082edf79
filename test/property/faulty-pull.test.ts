import { afterAll, describe, expect, it } from "vitest";
import type { Instant } from "../../src/domain/instant.ts";
import type { ScratchPlace } from "../db/scratch-database.ts";
import { rollDice, type Dice } from "../hospital/dice.ts";
import { openFaultyScans, type FaultyScan } from "./faulty-scans.ts";
import { hospitalEnd, hospitalStart, serveSite, timesWritten } from "./hospital-over-time.ts";
import { outcomeDifferences } from "./outcome-differences.ts";
import type { PullEnd } from "./faulty-child.ts";
import { withScratchPlace } from "./scratch-work.ts";
import { listSeeds } from "./seeds.ts";

/** The embedded database takes each process that is killed, and each that follows it, a second or more to open. */
const seeds = listSeeds(26, 4);
const scans = await openFaultyScans();
afterAll(() => scans.close());

describe("pulls of a server that goes wrong", () => {
  it.each(seeds)(
    "seed %i: whatever befell them, wherever they were killed, a last one that nothing befalls ends where a single one would",
    async (seed) => {
      const dice = rollDice(seed, 6);
      const site = dice.pick(["south", "west"]);
      const expected = await endOfOne(site);
      const found = await withScratchPlace(async (place) => {
        for (const [round, at] of instants(site, dice).entries()) {
          const withholds = dice.chance(0.3) ? { type: dice.pick(["Task", "AuditEvent", "DiagnosticReport"]), dice } : undefined;
          await serveSite(scans.proxy, site, at, withholds, { maxCount: dice.pick([1, 2]) });
          await scans.disturbed(scanOf(place, site, at), { seed, round }, dice);
        }
        return endOf(place, site);
      });
      expect(outcomeDifferences("after all", expected.outcome, found.outcome)).toEqual([]);
      expect(found.records).toEqual(expected.records);
      expect(found.stored).toEqual(expected.stored);
      expect(found.coverage).toEqual(expected.coverage);
    },
  );

  it("were befallen by every fault, were killed while they asked and while they wrote, and were given all, a part, and nothing", () => {
    const never = scans.printTally(`Faulty pulls, ${seeds.length} seeds`);
    // So few seeds do not show all: then most of it.
    expect(seeds.length < 25 ? never.slice(10) : never).toEqual([]);
  });
});

/** Shortly after something was written, so that an index that lags has something to lag with; and at the end. */
function instants(site: string, dice: Dice): Instant[] {
  const times = timesWritten(site);
  const shortlyAfter = [1, 2].map(() => Math.min(dice.pick(times) + dice.int(0, 300_000), hospitalEnd));
  return [...shortlyAfter.sort((a, b) => a - b), hospitalEnd];
}

/** With all records of which anything is held. */
type End = PullEnd & { readonly records: readonly unknown[] };

const ends = new Map<string, End>();

async function endOfOne(site: string): Promise<End> {
  const end = ends.get(site) ?? (await withScratchPlace((place) => endOf(place, site)));
  ends.set(site, end);
  return end;
}

async function endOf(place: ScratchPlace, site: string): Promise<End> {
  await serveSite(scans.proxy, site, hospitalEnd);
  const end = await scans.clean(scanOf(place, site, hospitalEnd));
  // A version from before may have been fetched by its id while it was the current one: only the hospital's own can be compared.
  const records = [...new Set(end.stored.map((row) => row["resource_key"]))];
  return { ...end, records, stored: end.stored.filter((row) => Number(row["last_updated"] ?? Infinity) >= hospitalStart) };
}

function scanOf(place: ScratchPlace, site: string, clockAt: Instant): FaultyScan {
  const timeZone = site === "west" ? "Europe/Gibraltar" : "Europe/London";
  return { place, site, clockAt, scan: { timeZone, since: new Date(hospitalStart).toISOString(), lagMs: 10 * 60_000 } };
}
