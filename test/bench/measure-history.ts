import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { connect } from "../../src/db/connect.ts";
import { createScratchPostgres } from "../db/scratch-postgres.ts";
import { endOf } from "./generate-feed.ts";
import { measureProcess, type DatabasePlace, type Usage } from "./measure-process.ts";
import type { Figure } from "./show-figures.ts";
import { writeDayMore, writeHistory, type HistoryShape, type HistorySize } from "./write-history.ts";

const days = 3;
const wanted = "≤ 1.2";

interface Programs {
  readonly main: string;
  readonly ingest: string;
}

interface History {
  readonly name: string;
  readonly shape: HistoryShape;
}

const year: History = { name: "twelve months", shape: { days: 365, strangers: 0 } };
const larger: readonly History[] = [
  { name: "ten times the events", shape: { days: 365, strangers: 9 } },
  { name: "the same over 120 months", shape: { days: 3_652, strangers: 0 } },
];

/**
 * What a day more costs, read and judged, on a history, on ten times that, and on the same over ten times the months. Fair is: each day is
 * the same to the last byte, on the same patients, who have as many reports in each, of which as many fall due. What differs is how much is
 * held of others, or how far back their own lies; nothing is old enough to be let go. Each history is read and judged as ever; then
 * day follows on day, each on all of them in turn, so that what else the machine does falls on all. The first is let go unmeasured: a
 * database that is scanned every night holds in memory what the night before had touched.
 */
export async function measureHistory(
  serverUrl: string,
  folder: string,
  size: HistorySize,
  { main, ingest }: Programs,
  add: (figure: Figure) => void,
): Promise<void> {
  const config = join(folder, "followthrough.yaml");
  mkdirSync(folder, { recursive: true });
  writeFileSync(config, "sites:\n  - name: bench\n    retention: P20Y\n");
  const prepared: { history: History; place: Prepared; taken: Usage[] }[] = [];
  try {
    for (const history of [year, ...larger]) {
      const place = { dataDir: "memory:", config, ...(await createScratchPostgres(serverUrl)) };
      prepared.push({ history, place, taken: [] });
      const from = join(folder, history.name);
      writeHistory(from, size, history.shape);
      await measureProcess(place, ingest, from, String(endOf(2)));
      await measureProcess(place, main, "detect", "--site", "bench", "--now", iso(endOf(0)));
      await settle(place);
    }
    for (let day = 0; day <= days; day += 1) {
      const from = join(folder, `day ${day}`);
      writeDayMore(from, size, day);
      const stored = new Set<number>();
      for (const { place, taken } of prepared) {
        const usage = await measureProcess(place, main, "scan", "--from", from, "--site", "bench", "--now", iso(endOf(day + 1)), "--json");
        stored.add(countStored(usage.printed));
        if (day > 0) taken.push(usage);
      }
      if (stored.size !== 1) throw new Error(`a day is not the same everywhere: ${[...stored].join(", ")} resources were stored`);
    }
    report(
      size,
      prepared.map(({ history, taken }) => ({ history, taken })),
      add,
    );
  } finally {
    for (const { place } of prepared) await place.remove();
  }
}

type Prepared = DatabasePlace & Awaited<ReturnType<typeof createScratchPostgres>>;

/** As a database is that has stood for a while: its server has seen to the dead rows and to what the planner knows. */
async function settle(place: DatabasePlace): Promise<void> {
  const { db, close } = await connect(place);
  await sql`vacuum analyze`.execute(db);
  await close();
}

function countStored(printed: string): number {
  const { feeds } = JSON.parse(printed) as { feeds: readonly { stored: number }[] };
  return feeds.reduce((sum, { stored }) => sum + stored, 0);
}

function report(
  size: HistorySize,
  measured: readonly { history: History; taken: readonly Usage[] }[],
  add: (figure: Figure) => void,
): void {
  const [first] = measured;
  if (first === undefined) return;
  const events = (size.reports * size.looks).toLocaleString("en-GB");
  const baseline = { seconds: medianOf(first.taken, secondsOf), cpu: medianOf(first.taken, cpuOf) };
  for (const { history, taken } of measured) {
    const seconds = medianOf(taken, secondsOf);
    const figure: Figure = {
      what: `one day more, on ${history === year ? `${events} AuditEvents of ` : ""}${history.name}`,
      value: seconds,
      unit: "s",
      spread: [Math.min(...taken.map(secondsOf)), Math.max(...taken.map(secondsOf))],
      cpuSeconds: medianOf(taken, ({ cpuSeconds }) => cpuSeconds),
      serverCpuSeconds: medianOf(taken, ({ serverCpuSeconds }) => serverCpuSeconds ?? 0),
      peakMb: Math.max(...taken.map(({ peakMb }) => peakMb)),
    };
    if (history === year) add(figure);
    else {
      const ratio = seconds / baseline.seconds;
      const cpuRatio = medianOf(taken, cpuOf) / baseline.cpu;
      add({ ...figure, against: { what: year.name, value: baseline.seconds, ratio, cpuRatio }, wanted });
    }
  }
}

function medianOf(taken: readonly Usage[], of: (usage: Usage) => number): number {
  return taken.map(of).sort((a, b) => a - b)[Math.floor(taken.length / 2)] ?? NaN;
}

function secondsOf({ seconds }: Usage): number {
  return seconds;
}

function cpuOf({ cpuSeconds, serverCpuSeconds = 0 }: Usage): number {
  return cpuSeconds + serverCpuSeconds;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
