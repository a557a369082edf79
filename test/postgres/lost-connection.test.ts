import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { loadConfig } from "../../src/config/load-config.ts";
import { connect, type Connection } from "../../src/db/connect.ts";
import { withTransaction } from "../../src/db/transaction.ts";
import { askForRun } from "../../src/store/due-run.ts";
import { getSite } from "../../src/store/site.ts";
import { apiHere } from "../api/api-here.ts";
import { startFollowthrough } from "../commands/start-followthrough.ts";
import { scratchPlace } from "../db/scratch-database.ts";
import { makeFolder } from "../fhir/make-folder.ts";
import { startHeldServer } from "./held-server.ts";

async function openScratch(): Promise<{ connection: Connection; databaseUrl: string }> {
  const place = await scratchPlace();
  onTestFinished(place.remove);
  const connection = await connect(place);
  onTestFinished(connection.close);
  return { connection, databaseUrl: place.databaseUrl ?? "" };
}

/** Another pool on the same database, with settings of its own. */
async function openBeside(databaseUrl: string, options = ""): Promise<Connection> {
  const url = new URL(databaseUrl);
  url.searchParams.set("options", options);
  const connection = await connect({ databaseUrl: url.href, dataDir: "unused" });
  onTestFinished(connection.close);
  return connection;
}

/** One site, scanned only when that is asked for. */
function writeConfig(url: string): string {
  const config = join(makeFolder({}), "followthrough.yaml");
  writeFileSync(config, `sites:\n  - name: north\n    schedule: off\n    sources: [{ name: epr, url: ${url} }]\n`);
  return config;
}

/** Ends server processes, as a restart would, and waits until they are gone. */
async function terminate({ db }: Connection, which: ReturnType<typeof sql<boolean>>): Promise<number> {
  const { rows } = await sql<{ ended: boolean }>`select pg_terminate_backend(pid, 5000) as ended from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and ${which}`.execute(db);
  return rows.filter(({ ended }) => ended).length;
}

test("a connection that is lost between two statements of a transaction fails the next; the process lives, and goes on with another", async () => {
  const { connection, databaseUrl } = await openScratch();
  const other = await openBeside(databaseUrl);
  const failing = withTransaction(connection.db, async (transaction) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(transaction);
    expect(await terminate(other, sql<boolean>`pid = ${rows[0]?.pid}`)).toBe(1);
    // What the server said on its way out has been heard by then.
    await wait(50);
    await sql`select 1`.execute(transaction);
  });
  await expect(failing).rejects.toMatchObject({ name: "UserError", code: "database-lost" });
  expect((await sql<{ one: number }>`select 1 as one`.execute(connection.db)).rows).toEqual([{ one: 1 }]);
});

test("a statement that is cut off by the server's own limit says so", async () => {
  const { connection } = await openScratch();
  const cutOff = withTransaction(connection.db, async (transaction) => {
    await sql`set local statement_timeout = 20`.execute(transaction);
    await sql`select pg_sleep(5)`.execute(transaction);
  });
  await expect(cutOff).rejects.toMatchObject({ code: "database-cut-off" });
});

test("a request that the database cannot serve is answered as that, logged, and no defect", async () => {
  const { databaseUrl } = await openScratch();
  const standby = await openBeside(databaseUrl, "-c default_transaction_read_only=on");
  const config = loadConfig({ env: { FOLLOWTHROUGH_CONFIG: writeConfig("http://127.0.0.1:9") } });
  const api = await apiHere(standby, { config });
  onTestFinished(api.close);
  const { status, body } = await api.post("runs", { site: "north", kind: "increment" });
  expect(status).toBe(503);
  expect(body).toMatchObject({
    type: "/api/#problem-database-unavailable",
    code: "database-unavailable",
    detail: "The database takes nothing to be written (25006).",
    fix: "DATABASE_URL leads to a standby, or the database was set read-only: point it at the primary.",
  });
  expect(api.logged).toEqual([expect.stringMatching(/^The database takes nothing to be written \(25006\)\. DATABASE_URL leads/)]);
});

test("a worker that loses the connection that holds its site ends and says why; the next one takes the site up again", async () => {
  const { connection, databaseUrl } = await openScratch();
  const server = await startHeldServer();
  const config = writeConfig(server.origin);
  const env = { PATH: process.env["PATH"] ?? "", DATABASE_URL: databaseUrl, FOLLOWTHROUGH_CONFIG: config };
  const worker = startFollowthrough(env, ["worker"]);
  onTestFinished(async () => {
    await worker.stop("SIGKILL");
  });
  await worker.line(/^Scanning every site/);
  const { siteId } = await getSite(connection.db, "north");
  const ask = () => askForRun(connection.db, { siteId, kind: "increment", at: Date.now(), by: "somebody", id: randomUUID() });
  await ask();
  while (!server.isAsked()) await wait(10);
  const holder = sql<boolean>`pid in (select pid from pg_locks where locktype = 'advisory' and classid = 471103 and granted)`;
  expect(await terminate(connection, holder)).toBe(1);
  const ended = await worker.end();
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain("The connection to the database was lost (57P01).\nNothing that was stored is lost.");
  expect(ended.stderr).not.toContain("defect");

  server.release();
  const next = startFollowthrough(env, ["worker"]);
  onTestFinished(async () => {
    await next.stop("SIGKILL");
  });
  await next.line(/^\S+ north increment /);
  await next.stop("SIGTERM");
  const { rows } = await sql<{ state: string }>`select state from run order by started_at`.execute(connection.db);
  expect(rows.map(({ state }) => state)).toEqual(["interrupted", expect.stringMatching(/complete/)]);
});
