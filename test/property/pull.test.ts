import { afterAll, describe, expect, it } from "vitest";
import { UserError } from "../../src/domain/user-error.ts";
import { listCoverage } from "../../src/store/coverage.ts";
import { getSite } from "../../src/store/site.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { rollDice } from "../hospital/dice.ts";
import { startDisturbingProxy } from "../worker/disturbing-proxy.ts";
import { scanServer } from "../worker/scan-server.ts";
import { faults, hospitalEnd, hospitalStart, letBefall, serveSite, type Fault } from "./hospital-over-time.ts";
import { outcomeDifferences } from "./outcome-differences.ts";
import { readOutcome, readStored, type Outcome } from "./outcome.ts";
import { listSeeds } from "./seeds.ts";

const connection = await scratchDatabase();
const proxy = await startDisturbingProxy();
const seeds = listSeeds(6);
const tried = new Map<string, number>();

afterAll(async () => {
  await proxy.close();
  await connection.close();
});

interface End {
  readonly outcome: Outcome;
  readonly stored: object[];
  readonly coverage: object[];
}

describe("pulls of a server over time", () => {
  it.each(seeds)("seed %i: whatever befell them, a last one that nothing befalls ends where a single one would", async (seed) => {
    const dice = rollDice(seed, 4);
    const site = dice.pick(["south", "west", "north"]);
    const expected = await endOfOne(site);
    await truncateAll(connection.db);
    const days = [dice.int(1, 60), dice.int(61, 100)].map((day) => hospitalStart + day * 86_400_000 + dice.int(0, 86_399_999));
    for (const at of [...days, hospitalEnd]) {
      const fault = dice.pick(faults);
      await serveSite(
        proxy,
        site,
        at,
        dice.chance(0.5) ? { type: dice.pick(["Task", "AuditEvent", "DiagnosticReport"]), dice } : undefined,
      );
      letBefall(proxy, fault, dice);
      count(await scan(site), fault);
    }
    await serveSite(proxy, site, hospitalEnd);
    expect(await scan(site)).toBe("all given");
    const end = await readEnd(site);
    expect(outcomeDifferences("after all", expected.outcome, end.outcome)).toEqual([]);
    expect(end.stored).toEqual(expected.stored);
    expect(end.coverage).toEqual(expected.coverage);
  });

  it("was tried with every fault, and with scans that were given all, a part, and nothing", () => {
    console.log(`Pulls, ${seeds.length} hospitals: ${[...tried].map(([what, times]) => `${what} ${times}`).join(", ")}`);
    expect([...tried.keys()].toSorted()).toEqual(expect.arrayContaining(["all given", "part given", ...faults]));
  });
});

const ends = new Map<string, End>();

async function endOfOne(site: string): Promise<End> {
  const known = ends.get(site);
  if (known) return known;
  await truncateAll(connection.db);
  await serveSite(proxy, site, hospitalEnd);
  await scan(site);
  const end = await readEnd(site);
  ends.set(site, end);
  return end;
}

/** How it ended. */
async function scan(site: string): Promise<string> {
  const timeZone = site === "west" ? "Europe/Gibraltar" : "Europe/London";
  const since = new Date(hospitalStart).toISOString();
  try {
    const { run } = await scanServer(connection, { url: proxy.url, clock: proxy.clock, site, timeZone, since });
    return run.notes.failedWindows.length + run.notes.serverRemarks.length === 0 ? "all given" : "part given";
  } catch (error) {
    // It said what is the matter before it had read anything.
    if (error instanceof UserError) return error.code;
    throw error;
  }
}

async function readEnd(site: string): Promise<End> {
  const { db } = connection;
  const { siteId } = await getSite(db, site);
  // A version from before may have been fetched by its id while it was the current one: only the hospital's own can be compared.
  const stored = (await readStored(db)).filter((row) => Number(row["last_updated"] ?? Infinity) >= hospitalStart);
  return { outcome: await readOutcome(db), stored, coverage: await listCoverage(db, siteId) };
}

function count(ended: string, fault: Fault): void {
  for (const what of [ended, fault]) tried.set(what, (tried.get(what) ?? 0) + 1);
}
