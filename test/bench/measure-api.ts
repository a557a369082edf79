import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import pg from "pg";
import { writeCursor } from "../../src/api/cursor.ts";
import { connect, type Connection } from "../../src/db/connect.ts";
import { fillFindings, sites, teams, type FindingsSize } from "./fill-findings.ts";
import { holdRate, type Held } from "./hold-rate.ts";
import { nodeFlags, type DatabasePlace } from "./measure-process.ts";
import type { Figure } from "./show-figures.ts";
import { watchServer } from "./watch-server.ts";

const perSecond = 100;
const [warmSeconds, heldSeconds] = [3, 10];
const rowsOnPage = 50;
/** Pages that nobody has asked for since the last scan come one by one. */
const newPagesPerSecond = 20;

/** What people and programs ask most: the whole list, each filter, another order, a later page is followed by the loop itself. */
const findings = `/api/v1/findings?limit=${String(rowsOnPage)}`;
const filters = [
  "",
  "order=urgency",
  `site=${sites[1] ?? ""}`,
  `team=${encodeURIComponent(teams[7] ?? "")}`,
  "signal=result-unacknowledged",
  "urgency=critical",
  "verdict=missed&order=urgency",
  `team=${encodeURIComponent(teams[3] ?? "")}&order=urgency`,
  "verdict=unknown",
  "all=true",
  "all=true&status=dismissed",
];
const worklists = [
  "",
  `site=${sites[2] ?? ""}`,
  `team=${encodeURIComponent(teams[10] ?? "")}`,
  "signal=result-no-action",
  "urgency=critical",
];

/** The API and the worklist at a fixed rate, served by a real process over as many findings, beside a bare query of the same page. */
export async function measureApi(place: DatabasePlace, size: FindingsSize, add: (figure: Figure) => void): Promise<void> {
  const connection = await connect(place);
  await fillFindings(connection, size);
  const countLooks = async (): Promise<number> => {
    const { rows } = await sql<{ count: number }>`select coalesce(sum(cardinality(loops)), 0)::integer as count from look`.execute(
      connection.db,
    );
    return rows[0]?.count ?? 0;
  };
  const floor = await measureFloor(place);
  const of = `${String(size.findings)} findings, ${String(size.open)} open`;
  add({ what: `floor: one page by pg, ${of}, ${String(perSecond)} a second`, value: floor.p95, unit: "ms (p95)" });
  const served = await startServing(place);
  try {
    const later = await nextOf(served.url + findings);
    const asked = [...filters.map((filter) => `${findings}&${filter}`), later];
    const never = (await listCursors(connection, newPagesPerSecond * heldSeconds)).map((cursor) => `${findings}&cursor=${cursor}`);
    for (const [what, paths, rate] of [
      ["GET /api/v1/findings, 50 rows", asked, perSecond],
      ["the worklist page, 50 rows", worklists.map((filter) => `/?${filter}`), perSecond],
      ["GET /api/v1/findings, 50 rows, each page for the first time", never, newPagesPerSecond],
    ] as const) {
      let rows = 0;
      const ask = async (turn: number): Promise<void> => {
        rows += await askOnce(served.url + (paths[turn % paths.length] ?? ""));
      };
      if (paths !== never) await holdRate(rate, warmSeconds, ask);
      const looks = (await countLooks()) - rows;
      const stopWatching = watchServer(place.databaseUrl);
      const [before, database] = [cpuOf(served.child), await databaseCpu(place)];
      const held = await holdRate(rate, heldSeconds, ask);
      const cpuSeconds = cpuOf(served.child) - before;
      const serverCpuSeconds = ((await stopWatching()) ?? 0) - database;
      if ((await countLooks()) < looks + rows) throw new Error("some look was not recorded");
      add({
        what: `${what} at ${String(rate)} a second, ${of} (p50 ${held.p50.toFixed(0)}, p99 ${held.p99.toFixed(0)} ms)`,
        value: held.p95,
        unit: "ms (p95)",
        seconds: heldSeconds,
        cpuSeconds,
        serverCpuSeconds,
        peakMb: peakMbOf(served.child),
        against: { what: "the floor", value: floor.p95, ratio: held.p95 / floor.p95 },
        ...(paths !== never && { wanted: "≤ 50 ms" }),
      });
    }
  } finally {
    served.child.kill();
    await connection.close();
  }
}

/** Of pages here and there in the list by due time, far from its beginning. */
async function listCursors({ db }: Connection, count: number): Promise<string[]> {
  const { rows } = await sql<{ at: number; id: string }>`
    with placed as (select due_at, loop_id, row_number() over (order by due_at, loop_id) as place, count(*) over () as whole from loop where is_current)
    select due_at as at, loop_id as id from placed where place > ${rowsOnPage * 3} and place < whole - ${rowsOnPage}
      and place % greatest(${rowsOnPage}, whole / ${count + 5}) = 0 order by place limit ${count}`.execute(db);
  return rows.map(({ at, id }) => writeCursor({ of: "findings by due", at, ids: [id] }));
}

/** The same page of 50, by an index and nothing else, in this process. */
async function measureFloor({ databaseUrl }: DatabasePlace): Promise<Held> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  const ask = async (): Promise<void> => {
    await pool.query("select * from loop where is_current order by rank, due_at, loop_id limit 50");
  };
  await holdRate(perSecond, 1, ask);
  const held = await holdRate(perSecond, heldSeconds / 2, ask);
  await pool.end();
  return held;
}

async function startServing({ databaseUrl }: DatabasePlace): Promise<{ url: string; child: ChildProcess }> {
  const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
  const child = spawn(process.execPath, [...nodeFlags, main, "serve", "--no-schedule", "--port", "0"], {
    env: { ...process.env, DATABASE_URL: databaseUrl ?? "", FOLLOWTHROUGH_CONFIG: "" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\/\/[\d.]+:\d+/.exec(line)?.[0];
    if (url !== undefined) return { url, child };
  }
  await once(child, "close");
  throw new Error("it ended, and never said where it serves");
}

/** How many findings or cases were shown. */
async function askOnce(url: string): Promise<number> {
  const answer = await fetch(url);
  const body = await answer.text();
  if (answer.status !== 200) throw new Error(`${String(answer.status)} from ${url}: ${body.slice(0, 500)}`);
  return body.startsWith("{") ? (JSON.parse(body) as { findings: unknown[] }).findings.length : body.split('class="ft-case"').length - 1;
}

async function nextOf(url: string): Promise<string> {
  const { next } = (await (await fetch(url)).json()) as { next: string };
  return next;
}

/** Resident at most, since it was started. */
function peakMbOf({ pid }: ChildProcess): number {
  const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

function cpuOf({ pid }: ChildProcess): number {
  const fields =
    readFileSync(`/proc/${String(pid)}/stat`, "utf8")
      .split(") ")[1]
      ?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** What the database's processes had taken before. */
async function databaseCpu(place: DatabasePlace): Promise<number> {
  const stop = watchServer(place.databaseUrl);
  return (await stop()) ?? 0;
}
