import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { listDueRuns, listSitesDue } from "../../src/store/due-run.ts";
import { listRuns } from "../../src/store/run.ts";
import { getSite } from "../../src/store/site.ts";
import type { SettledRun } from "../../src/worker/settle-due-runs.ts";
import { scratchPlace } from "../db/scratch-database.ts";
import { look, makeSite } from "./make-scheduler.ts";
import type { ChildOrders } from "./settle-child.ts";

const folder = join(import.meta.dirname, "../../fixtures/hospital/south");
const now = Date.parse("2026-03-20T10:20:00Z");

/** Whether it was killed; else it had ended before that statement. */
async function isKilled(orders: ChildOrders): Promise<boolean> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "settle-child.ts"), JSON.stringify(orders)], { stdio: "inherit" });
  const [, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return signal === "SIGKILL";
}

test("processes killed at one statement after another leave each slot to the next, which settles it once", async () => {
  const place = await scratchPlace();
  onTestFinished(place.remove);
  const { databaseUrl, dataDir } = place;
  for (const dieAt of [8, 11, 16, 30]) expect(await isKilled({ databaseUrl, dataDir, site: "south", folder, now, dieAt })).toBe(true);

  const connection = await connect(place);
  onTestFinished(connection.close);
  const south = makeSite("south", { sources: [{ name: "epr", folder }] });
  const settled: SettledRun[] = [];
  // A server ends the session of a process that died when it next looks at its socket: until then the site is locked.
  for (let tries = 0; tries < 1_000 && (await listSitesDue(connection.db, now)).length > 0; tries++)
    settled.push(...(await look(connection, [south], () => now)));
  expect(settled).toMatchObject([{ site: "south", kind: "reconcile", settled: 2 }]);
  const { siteId } = await getSite(connection.db, "south");
  const rows = await listDueRuns(connection.db, siteId, 10);
  expect(rows.map(({ kind, state, runId }) => ({ kind, state, runId }))).toEqual([
    { kind: "increment", state: "done", runId: settled[0]!.runId },
    { kind: "reconcile", state: "done", runId: settled[0]!.runId },
  ]);
  const runs = await listRuns(connection.db, siteId, 10);
  expect(runs.filter(({ id }) => id !== settled[0]!.runId).map(({ state }) => state)).toEqual(runs.slice(1).map(() => "interrupted"));
  expect(runs.length).toBeGreaterThan(1);
});
