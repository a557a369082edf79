import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { listCoverage } from "../../src/store/coverage.ts";
import { getSite } from "../../src/store/site.ts";
import { rollDice } from "../hospital/dice.ts";
import { startDisturbingProxy } from "../worker/disturbing-proxy.ts";
import { scanServer } from "../worker/scan-server.ts";
import { hospitalEnd, hospitalStart, serveSite } from "./hospital-over-time.ts";
import { outcomeDifferences } from "./outcome-differences.ts";
import { readOutcome, readStored } from "./outcome.ts";
import type { PullOrders } from "./pull-child.ts";
import { listSeeds } from "./seeds.ts";
import { withConnection, withScratchPlace } from "./scratch-work.ts";

const child = fileURLToPath(new URL("pull-child.ts", import.meta.url));
const proxy = await startDisturbingProxy();
afterAll(() => proxy.close());

it.each(listSeeds(3))("seed %i: a pull that is killed in its middle, twice, ends where one that was left alone does", async (seed) => {
  const dice = rollDice(seed, 5);
  const site = dice.pick(["south", "west"]);
  const scan = {
    url: proxy.url,
    site,
    timeZone: site === "west" ? "Europe/Gibraltar" : "Europe/London",
    since: new Date(hospitalStart).toISOString(),
  };
  await serveSite(proxy, site, hospitalEnd);
  const expected = await withScratchPlace((calm) => withConnection(calm, (connection) => scanToTheEnd(connection, scan)));
  const questions = proxy.asked.length;
  await withScratchPlace(async (place) => {
    // The second one finds much of it held: every feed costs it one question at least.
    for (const last of [dice.int(5, questions - 10), dice.int(3, 15)]) {
      proxy.forget();
      const orders: PullOrders = { databaseUrl: place.databaseUrl, dataDir: place.dataDir, scan, clockAt: hospitalEnd };
      const running = fork(child, [JSON.stringify(orders)], { execArgv: [] });
      proxy.disturb((_, number) => {
        if (number < last) return undefined;
        running.kill("SIGKILL");
        return "reset";
      });
      const [, signal] = (await once(running, "exit")) as [number | null, NodeJS.Signals | null];
      expect(signal).toBe("SIGKILL");
    }
    proxy.forget();
    const found = await withConnection(place, (connection) => scanToTheEnd(connection, scan));
    expect(outcomeDifferences("killed and run again", expected.outcome, found.outcome)).toEqual([]);
    expect({ ...found, outcome: undefined }).toEqual({ ...expected, outcome: undefined });
  });
});

async function scanToTheEnd(connection: Connection, scan: PullOrders["scan"]) {
  const { run } = await scanServer(connection, { ...scan, clock: () => hospitalEnd });
  const { siteId } = await getSite(connection.db, scan.site ?? "");
  return {
    failed: run.notes.failedWindows,
    outcome: await readOutcome(connection.db),
    stored: await readStored(connection.db),
    coverage: await listCoverage(connection.db, siteId),
  };
}
