import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { rollDice } from "../hospital/dice.ts";
import type { PullEnd } from "../property/faulty-child.ts";
import { openFaultyScans, type FaultyScan } from "../property/faulty-scans.ts";
import { outcomeDifferences } from "../property/outcome-differences.ts";
import { withScratchPlace } from "../property/scratch-work.ts";
import { listSeeds } from "../property/seeds.ts";
import type { ScratchPlace } from "../db/scratch-database.ts";
import { hospitalNow, hospitalSince } from "../store/scanned-hospital.ts";
import { emptyHapi, passLastWrite } from "./ask-hapi.ts";
import { loadHospital } from "./load-hospital.ts";

const base = inject("hapiBase");
const site = "south";
const minuteMs = 60_000;
/** It takes its time for /metadata where the machine is busy. */
const scans = await openFaultyScans(3_000);
let loadedAt: number;
let expected: PullEnd;

beforeAll(async () => {
  await emptyHapi(base);
  await loadHospital(base, site);
  await passLastWrite(base);
  loadedAt = Date.now();
  expected = await withScratchPlace((place) => endOf(place));
  expect(new Set(expected.outcome.loops.map(({ verdict }) => verdict)).size).toBeGreaterThan(2);
});
afterAll(() => scans.close());

it.each(listSeeds(2))(
  "seed %i: whatever befell pulls of a real server, a last one that nothing befalls ends where a single one does",
  async (seed) => {
    const dice = rollDice(seed, 7);
    const found = await withScratchPlace(async (place) => {
      for (const round of [0, 1]) await scans.disturbed(scanAt(place, loadedAt + (round + 1) * minuteMs), { seed, round }, dice);
      return endOf(place);
    });
    expect(outcomeDifferences("after all", expected.outcome, found.outcome)).toEqual([]);
    expect(found.stored).toEqual(expected.stored);
    expect(found.coverage).toEqual(expected.coverage);
  },
);

it("was befallen by faults", () => {
  scans.printTally("Faulty pulls of HAPI");
  // How far a pull gets before its time is up is the machine's affair.
  expect(scans.proxy.front.happened.size).toBeGreaterThan(1);
});

function endOf(place: ScratchPlace): Promise<PullEnd> {
  return scans.clean(scanAt(place, loadedAt + 30 * minuteMs));
}

function scanAt(place: ScratchPlace, clockAt: number): FaultyScan {
  scans.proxy.leadTo({ url: base }, () => clockAt);
  const [since, now] = [new Date(hospitalSince).toISOString(), new Date(hospitalNow).toISOString()];
  return { place, site, clockAt, scan: { timeZone: "Europe/London", since, now, lagMs: 10 * minuteMs } };
}
