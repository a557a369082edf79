import { afterAll, expect, it } from "vitest";
import type { ScanSummary } from "../../src/domain/scan-summary.ts";
import { listCoverage } from "../../src/store/coverage.ts";
import { getSite } from "../../src/store/site.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { rollDice } from "../hospital/dice.ts";
import { startDisturbingProxy } from "../worker/disturbing-proxy.ts";
import { scanServer, wholeExport, type ServerScan } from "../worker/scan-server.ts";
import { hospitalEnd, hospitalStart, serveSite } from "./hospital-over-time.ts";
import { outcomeDifferences } from "./outcome-differences.ts";
import { readOutcome, readStored } from "./outcome.ts";
import { listSeeds } from "./seeds.ts";

const connection = await scratchDatabase();
const proxy = await startDisturbingProxy();

afterAll(async () => {
  await proxy.close();
  await connection.close();
});

it.each(listSeeds(4))("seed %i: exports over time, in files of any size, some cut or refused, end where one search does", async (seed) => {
  const dice = rollDice(seed, 6);
  const site = dice.pick(["south", "west", "north"]);
  await truncateAll(connection.db);
  await serveSite(proxy, site, hospitalEnd);
  await scan(site, {});
  const expected = await readEnd(site);
  await truncateAll(connection.db);
  const days = [dice.int(1, 60), dice.int(61, 100)].map((day) => hospitalStart + day * 86_400_000 + dice.int(0, 86_399_999));
  for (const at of [...days, hospitalEnd]) {
    const bulk = { linesPerFile: dice.pick([1, 3, 10, 1_000]), polls: dice.int(0, 3) };
    await serveSite(proxy, site, at, undefined, { bulk });
    proxy.disturb((path) => {
      if (!path.startsWith("$export") || !dice.chance(0.03)) return undefined;
      // To the request for an export a 404 says that there is none.
      return dice.pick([503, "cut", "reset", path.startsWith("$export?") ? 429 : 404] as const);
    });
    await scan(site, { bulk: wholeExport });
  }
  proxy.forget();
  const { run } = await scan(site, { bulk: wholeExport });
  expect(run.notes.failedWindows).toEqual([]);
  const end = await readEnd(site);
  expect(outcomeDifferences("by exports", expected.outcome, end.outcome)).toEqual([]);
  expect(end.stored).toEqual(expected.stored);
  expect(end.coverage).toEqual(expected.coverage);
});

function scan(site: string, more: Partial<ServerScan>): Promise<ScanSummary> {
  const timeZone = site === "west" ? "Europe/Gibraltar" : "Europe/London";
  const since = new Date(hospitalStart).toISOString();
  return scanServer(connection, { url: proxy.url, clock: proxy.clock, site, timeZone, since, ...more });
}

async function readEnd(site: string) {
  const { db } = connection;
  const { siteId } = await getSite(db, site);
  // A version from before may have been fetched by its id while it was the current one: only the hospital's own can be compared.
  const stored = (await readStored(db)).filter((row) => Number(row["last_updated"] ?? Infinity) >= hospitalStart);
  const coverage = (await listCoverage(db, siteId)).map(({ how: _how, ...each }) => each);
  return { outcome: await readOutcome(db), stored, coverage };
}
