import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { connect } from "../../src/db/connect.ts";
import { scratchFolder } from "../db/scratch-folder.ts";
import { createScratchPostgres } from "../db/scratch-postgres.ts";
import { exportRows, makeSameMonths } from "./export-rows.ts";
import { endOf, writeFeed, type FeedSize } from "./generate-feed.ts";
import { measureApi } from "./measure-api.ts";
import { measureHistory } from "./measure-history.ts";
import { measureProcess, type Usage } from "./measure-process.ts";
import type { Figure } from "./show-figures.ts";
import type { BenchSize } from "./sizes.ts";
import { startPageServer } from "./start-page-server.ts";

const program = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const main = program("../../src/main.ts");

/** What can be measured alone; all but the last need DATABASE_URL. */
export const parts: readonly string[] = ["feed", "servers", "history", "api", "embedded"];

/** What a rebuild may take of ten million AuditEvents on two processors: of other sizes their share, less the start. */
const ofFull = "≤ 120 s for 10 million AuditEvents (--size full)";

type Place = Awaited<ReturnType<typeof scratchFolder>> & { readonly databaseUrl: string | undefined };

/** Measures everything that a size asks for, in the order of the table. On the embedded database alone where no DATABASE_URL is set. */
export async function measureAll(size: BenchSize, only: string | undefined, onFigure: (figure: Figure) => void): Promise<Figure[]> {
  const figures: Figure[] = [];
  const add = (figure: Figure): void => {
    figures.push(figure);
    onFigure(figure);
  };
  const scratch = mkdtempSync(join(tmpdir(), "followthrough-bench-"));
  const serverUrl = process.env["DATABASE_URL"];
  try {
    const isWanted = (part: string): boolean => only === undefined || only === part;
    let floor: number | undefined;
    if (serverUrl && isWanted("feed"))
      floor = await measureFolder(() => onPostgres(serverUrl), "PostgreSQL", join(scratch, "feed"), size.feed, add);
    if (serverUrl && isWanted("servers")) await measureServers(() => onPostgres(serverUrl), size, add);
    if (serverUrl && isWanted("history")) {
      const folder = join(scratch, "histories");
      await measureHistory(serverUrl, folder, size.history, { main, ingest: program("./ingest.ts") }, add);
    }
    if (serverUrl && isWanted("api")) await measureServed(() => onPostgres(serverUrl), size, add);
    if (isWanted("embedded")) await measureEmbedded(join(scratch, "embedded"), size.embeddedFeed, floor, add);
  } finally {
    rmSync(scratch, { recursive: true });
  }
  return figures;
}

async function onPostgres(serverUrl: string): Promise<Place> {
  return { dataDir: "memory:", ...(await createScratchPostgres(serverUrl)) };
}

async function measureFolder(
  makePlace: () => Promise<Place>,
  name: string,
  folder: string,
  size: FeedSize,
  add: (figure: Figure) => void,
): Promise<number> {
  const [history, day, rows] = [join(folder, "history"), join(folder, "day"), join(folder, "rows")];
  writeFeed(history, size, 0, size.days);
  writeFeed(day, size, size.days, size.days + 1);
  const place = await makePlace();
  const bare = await makePlace();
  try {
    const ingest = await measureProcess(place, program("./ingest.ts"), history, String(endOf(size.days + 2)));
    const [from, to] = [await connect(place), await connect(bare)];
    await makeSameMonths(from, to);
    await to.close();
    await exportRows(from, rows, Math.max(4, Math.round((size.days * size.reportsADay * size.looks) / 5_000)));
    const { rows: held } = await sql<{ count: number }>`select count(*)::integer as count from resource_version`.execute(from.db);
    await from.close();
    const resources = held[0]?.count ?? 0;
    const floor = await measureProcess(bare, program("./floor.ts"), history, rows);
    add(rate(`floor of ${name}: JSON.parse and COPY of the same rows`, resources, floor));
    add(
      compared(
        rate(`ingest: read, normalise, store, relate (${name})`, resources, ingest),
        { what: "the floor", other: rate("", resources, floor) },
        "≥ 0.6",
      ),
    );
    const detect = await measureProcess(place, main, "detect", "--site", "bench", "--now", iso(endOf(size.days)));
    add(took("detect, from nothing", detect));
    const rebuild = await measureProcess(place, main, "rebuild", "--site", "bench", "--now", iso(endOf(size.days)));
    add(took("rebuild: judge everything anew", rebuild));
    // By all signals from here on: they ask for more events, so that whoever turns to them has some records related once more.
    const ofAll = ["--signals", "all", "--site", "bench", "--now", iso(endOf(size.days + 1))];
    add(
      took(
        "detect, all signals turned on: relate what may say more, judge everything",
        await measureProcess(place, main, "detect", ...ofAll),
      ),
    );
    const judged = await measureProcess(place, main, "rebuild", ...ofAll);
    add({ ...took("rebuild of all signals: judge everything anew", judged), wanted: ofFull });
    const increment = await measureProcess(place, main, "scan", "--from", day, ...ofAll);
    add({
      ...took("one day more, of all signals: read, relate, judge", increment),
      against: {
        what: "judging everything anew",
        value: judged.seconds,
        ratio: increment.seconds / judged.seconds,
        cpuRatio: cpuOf(increment) / cpuOf(judged),
      },
    });
    const related = await measureProcess(place, main, "rebuild", "--relate", ...ofAll);
    add(took("rebuild --relate of all signals: relate everything anew, and judge it", related));
    return resources / floor.seconds;
  } finally {
    await place.remove();
    await bare.remove();
  }
}

async function measureServers(
  makePlace: () => Promise<Place>,
  { served, servedSlowly }: BenchSize,
  add: (figure: Figure) => void,
): Promise<void> {
  const fast = await startPageServer(served, 0);
  const place = await makePlace();
  try {
    const pull = await measureProcess(place, program("./ingest.ts"), fast.base, String(Date.now()));
    add({ ...rate("pull of AuditEvents from a fast server (PostgreSQL)", served, pull), wanted: "≥ 5000; peak ≤ 300 MB" });
  } finally {
    await place.remove();
    fast.stop();
  }
  const slow = await startPageServer(servedSlowly, 50);
  const other = await makePlace();
  try {
    const loop = await measureProcess(other, program("./plain-loop.ts"), slow.base);
    const pull = await measureProcess(other, program("./ingest.ts"), slow.base, String(Date.now()));
    add(
      compared(
        rate("the same with 50 ms a page", servedSlowly, pull),
        { what: "a plain page loop", other: rate("", servedSlowly, loop) },
        "≥ 3",
      ),
    );
  } finally {
    await other.remove();
    slow.stop();
  }
}

async function measureServed(makePlace: () => Promise<Place>, { held }: BenchSize, add: (figure: Figure) => void): Promise<void> {
  const place = await makePlace();
  try {
    await measureApi(place, held, add);
  } finally {
    await place.remove();
  }
}

async function measureEmbedded(folder: string, size: FeedSize, floor: number | undefined, add: (figure: Figure) => void): Promise<void> {
  const made = await measureProcess({ databaseUrl: undefined, dataDir: `${folder}-new` }, main, "migrate");
  add({ ...took("make a new embedded database, and all its tables", made), wanted: "peak ≤ 800 MB" });
  writeFeed(folder, size, 0, size.days);
  const place: Place = { databaseUrl: undefined, ...(await scratchFolder()) };
  try {
    const ingest = await measureProcess(place, program("./ingest.ts"), folder, String(endOf(size.days + 2)));
    const connection = await connect(place);
    const { rows: held } = await sql<{ count: number }>`select count(*)::integer as count from resource_version`.execute(connection.db);
    await connection.close();
    const figure = rate("ingest into the embedded database", held[0]?.count ?? 0, ingest);
    const against = floor === undefined ? {} : { against: { what: "the floor of PostgreSQL", value: floor, ratio: figure.value / floor } };
    add({ ...figure, ...against, wanted: "≥ 0.2; peak ≤ 800 MB" });
  } finally {
    await place.remove();
  }
}

function rate(what: string, resources: number, { seconds, cpuSeconds, serverCpuSeconds, peakMb }: Usage): Figure {
  return { what, value: resources / seconds, unit: "resources a second", seconds, cpuSeconds, serverCpuSeconds, peakMb };
}

function took(what: string, { seconds, cpuSeconds, serverCpuSeconds, peakMb }: Usage): Figure {
  return { what, value: seconds, unit: "s", seconds, cpuSeconds, serverCpuSeconds, peakMb };
}

/** By time, and by processor time: the second hardly hangs on what else the machine does. */
function compared(figure: Figure, { what, other }: { readonly what: string; readonly other: Figure }, wanted: string): Figure {
  const cpuRatio = cpuOf(other) / cpuOf(figure);
  return { ...figure, against: { what, value: other.value, ratio: figure.value / other.value, cpuRatio }, wanted };
}

function cpuOf({ cpuSeconds = 0, serverCpuSeconds = 0 }: Partial<Usage>): number {
  return cpuSeconds + serverCpuSeconds;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
