import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { connect, type Connection } from "../../src/db/connect.ts";
import { askForRun } from "../../src/store/due-run.ts";
import { getSite } from "../../src/store/site.ts";
import { startFollowthrough, type Started } from "../commands/start-followthrough.ts";
import { scratchPlace } from "../db/scratch-database.ts";
import { makeFolder } from "../fhir/make-folder.ts";
import { observation, patient, report, wardFolder } from "../store/small-ward.ts";
import { startHeldServer } from "./held-server.ts";

const workers = ["worker-1", "worker-2", "worker-3", "worker-4"];
const sites = Array.from({ length: 40 }, (_, number) => `site-${String(number + 1).padStart(2, "0")}`);

/**
 * The same small export for every site but the first, which is a server's; each is scanned when it is asked for, and at no
 * other time.
 */
function writeConfig(server: string): string {
  const folder = wardFolder(["a", "b", "c"].flatMap((name) => [patient(name), report(name), observation(name, "HH")]));
  const source = (name: string): string => (name === sites[0] ? `url: ${server}` : `folder: ${folder}`);
  const listed = sites.map((name) => `  - name: ${name}\n    schedule: off\n    sources: [{ name: epr, ${source(name)} }]\n`);
  const config = join(makeFolder({}), "followthrough.yaml");
  writeFileSync(config, `sites:\n${listed.join("")}`);
  return config;
}

/** Each worker's sessions bear its name, so that the holder of a site's lock is known. */
function startWorker(databaseUrl: string, config: string, name: string): Started {
  const url = new URL(databaseUrl);
  url.searchParams.set("application_name", name);
  const env = { PATH: process.env["PATH"] ?? "", DATABASE_URL: url.href, FOLLOWTHROUGH_CONFIG: config };
  return startFollowthrough(env, ["worker"]);
}

/** The worker that holds the lock of the site; undefined where none does. */
async function findHolder({ db }: Connection, siteId: number): Promise<string | undefined> {
  const { rows } = await sql<{ worker: string }>`
    select application_name as worker from pg_locks join pg_stat_activity using (pid)
    where locktype = 'advisory' and classid = 471103 and objid::integer = ${siteId}::integer and objsubid = 2 and granted
      and pg_locks.database = (select oid from pg_database where datname = current_database())`.execute(db);
  return rows[0]?.worker;
}

/** Looked at again and again: other processes say nothing when they change it. */
async function until<T>(what: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await what();
    if (found !== undefined) return found;
    await wait(10);
  }
}

async function countStates({ db }: Connection): Promise<Record<string, number>> {
  const { rows } = await sql<{
    state: string;
    count: number;
  }>`select state, count(*)::integer as count from due_run group by state`.execute(db);
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

test("four workers share forty sites; one that is killed in the middle loses none of them, and none is scanned twice", async () => {
  const place = await scratchPlace();
  onTestFinished(place.remove);
  const connection = await connect(place);
  onTestFinished(connection.close);
  const { db } = connection;
  const server = await startHeldServer();
  const config = writeConfig(server.origin);
  const started = new Map(workers.map((name) => [name, startWorker(place.databaseUrl ?? "", config, name)]));
  onTestFinished(async () => {
    await Promise.all([...started.values()].map((worker) => worker.stop("SIGKILL")));
  });
  await Promise.all([...started.values()].map((worker) => worker.line(/^Scanning every site/)));

  // All are there before anything is due.
  for (const name of sites) {
    const { siteId } = await getSite(db, name);
    await askForRun(db, { siteId, kind: "increment", at: Date.now(), by: "somebody", id: randomUUID() });
  }
  // Whoever took the first site waits for its server, and dies with it in its hands when others are under way.
  const { siteId: held } = await getSite(db, sites[0]!);
  const killed = await until(async () =>
    server.isAsked() && ((await countStates(connection))["done"] ?? 0) >= workers.length ? findHolder(connection, held) : undefined,
  );
  const ended = [await started.get(killed)!.stop("SIGKILL")];
  server.release();
  await until(async () => {
    const { done = 0, failed = 0 } = await countStates(connection);
    return done + failed === sites.length ? true : undefined;
  });
  for (const name of workers) if (name !== killed) ended.push(await started.get(name)!.stop("SIGTERM"));

  const { rows: runs } = await sql<{ site_id: number; state: string; loops: number }>`
    select site_id, state, (select count(*)::integer from loop where loop.site_id = run.site_id) as loops from run order by started_at`.execute(
    db,
  );
  const whole = runs.filter(({ state }) => state === "complete" || state === "incomplete");
  expect(whole.map(({ site_id }) => site_id).sort((a, b) => a - b)).toEqual(sites.map((_, number) => number + 1));
  // What was under way in the killed process: as many sites as it works on at once, at most.
  expect(runs.length - whole.length).toBeLessThanOrEqual(2);
  expect(runs.find(({ site_id }) => site_id === held)).toMatchObject({ state: "interrupted" });
  expect(new Set(runs.map(({ state }) => state)).difference(new Set(["complete", "incomplete", "interrupted"]))).toEqual(new Set());
  const loops = new Set(whole.filter(({ site_id }) => site_id !== held).map((run) => run.loops));
  expect([...loops]).toEqual([expect.toSatisfy((count: number) => count > 0)]);
  // Each says a line a run, so none has sat by while the others worked; how evenly is the machine's affair.
  const shares = ended.map(({ stdout }) => stdout.split("\n").filter((line) => sites.some((site) => line.includes(site))).length);
  expect(shares.slice(1).reduce((sum, share) => sum + share, shares[0]!)).toBeGreaterThanOrEqual(sites.length - 2);
  expect(Math.min(...shares.slice(1))).toBeGreaterThanOrEqual(3);
});
