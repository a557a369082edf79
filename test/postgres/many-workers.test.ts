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

const workers = ["worker-1", "worker-2", "worker-3", "worker-4"];
const sites = Array.from({ length: 40 }, (_, number) => `site-${String(number + 1).padStart(2, "0")}`);

/** The same small export for every site; each is scanned when it is asked for, and at no other time. */
function writeConfig(): string {
  const folder = wardFolder(["a", "b", "c"].flatMap((name) => [patient(name), report(name), observation(name, "HH")]));
  const listed = sites.map((name) => `  - name: ${name}\n    schedule: off\n    sources: [{ name: epr, folder: ${folder} }]\n`);
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

async function listHolders({ db }: Connection): Promise<{ worker: string; siteId: number }[]> {
  const { rows } = await sql<{ worker: string; siteId: number }>`
    select application_name as worker, objid::integer as "siteId" from pg_locks join pg_stat_activity using (pid)
    where locktype = 'advisory' and classid = 471103 and objsubid = 2 and granted and pg_locks.database = (select oid from pg_database where datname = current_database())`.execute(
    db,
  );
  return rows;
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
  const config = writeConfig();
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
  const took = new Map<string, Set<number>>(workers.map((name) => [name, new Set()]));
  const killed = await until(async () => {
    const holders = await listHolders(connection);
    for (const { worker, siteId } of holders) took.get(worker)?.add(siteId);
    // When each has had its share of the first sites, one of them dies with a site in its hands.
    return [...took.values()].every((mine) => mine.size >= 3) ? holders[0] : undefined;
  });
  await started.get(killed.worker)?.stop("SIGKILL");
  await until(async () => {
    for (const { worker, siteId } of await listHolders(connection)) took.get(worker)?.add(siteId);
    return (await countStates(connection))["done"] === sites.length ? true : undefined;
  });

  const { rows: runs } = await sql<{ site_id: number; state: string; started_at: number; finished_at: number | null; findings: number }>`
    select site_id, state, started_at, finished_at, (select count(*)::integer from loop where loop.site_id = run.site_id) as findings from run order by started_at`.execute(
    db,
  );
  const whole = runs.filter(({ state }) => state === "complete" || state === "incomplete");
  expect(whole.map(({ site_id }) => site_id).sort((a, b) => a - b)).toEqual(sites.map((_, number) => number + 1));
  // What was under way in the killed process: as many sites as it works on at once, at most.
  expect(runs.length - whole.length).toBeLessThanOrEqual(2);
  expect(new Set(runs.map(({ state }) => state)).difference(new Set(["complete", "incomplete", "interrupted"]))).toEqual(new Set());
  expect(new Set(whole.map(({ findings }) => findings)).size).toBe(1);
  expect(whole[0]?.findings).toBeGreaterThan(0);
  expect(await countStates(connection)).toEqual({ done: sites.length });
  const survivors = [...took].filter(([name]) => name !== killed.worker).map(([, mine]) => mine.size);
  expect(Math.min(...survivors)).toBeGreaterThanOrEqual(sites.length / workers.length / 2);
});
