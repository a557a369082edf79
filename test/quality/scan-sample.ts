import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import { readCatalogue, readSeriesCatalogue } from "../../src/signals/catalogue.ts";
import { livePractices } from "../../src/simulate/care/journeys.ts";
import { planHospital } from "../../src/simulate/hospital.ts";
import { coverageOf, planOutages } from "../../src/simulate/mess/outages.ts";
import { simulateHospital } from "../../src/simulate/simulate-hospital.ts";
import type { TruthLoop } from "../../src/simulate/truth/loop.ts";
import type { TruthHours } from "../../src/simulate/truth/count-records.ts";
import { silentHours } from "../../src/simulate/truth/judge-hours.ts";
import type { TruthPeriod } from "../../src/simulate/truth/measure-series.ts";
import { toldFeeds, toldSeries, toldSignals } from "../../src/simulate/truth/tell-truth.ts";
import { writeFolder } from "../../src/simulate/write-folder.ts";
import { scanSite } from "../../src/worker/scan.ts";
import { truncateAll } from "../db/truncate-all.ts";
import type { FoundLoop } from "./compare-loops.ts";
import type { FoundFeeds, TruthFeed } from "./compare-feeds.ts";
import type { FoundSeries, Seen } from "./compare-series.ts";
import type { Sample } from "./samples.ts";

const site = "simulated";
const hourMs = 3_600_000;
/** Later than everything simulated. */
const clock = (): number => Date.parse("2040-01-01T00:00:00Z");
/** What both know: the comparison is of these alone. */
export const comparedSignals = readCatalogue()
  .map(({ signal }) => signal)
  .filter(({ id }) => toldSignals.includes(id));
export const comparedSeries = readSeriesCatalogue()
  .map(({ signal }) => signal)
  .filter(({ id }) => toldSeries.includes(id) || toldFeeds.includes(id));

export interface Scanned {
  readonly truth: readonly TruthLoop[];
  readonly found: readonly FoundLoop[];
  readonly periods: readonly TruthPeriod[];
  readonly series: readonly FoundSeries[];
  readonly seen: Seen;
  readonly feeds: readonly TruthFeed[];
  readonly foundFeeds: FoundFeeds;
}

/** Simulates one hospital into a folder, as the command does, scans it as any other folder, and reads both sides. */
export async function scanSample(connection: Connection, { options, isOfPractices }: Sample): Promise<Scanned> {
  const folder = await mkdtemp(join(tmpdir(), "followthrough-quality-"));
  try {
    const hospital = planHospital(options);
    const outages = planOutages(hospital);
    const { seed, mess } = options;
    const told = simulateHospital(hospital, () => undefined, isOfPractices ? livePractices : undefined);
    await writeFolder(folder, { told, seed, mess, outages, coverage: coverageOf(hospital, outages) }, false);
    return await scanSimulated(connection, folder, hospital.now);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Scans a folder that `simulate` wrote into an emptied database, and reads both sides. */
export async function scanSimulated(connection: Connection, folder: string, now: number): Promise<Scanned> {
  await truncateAll(connection.db);
  const config = { ...siteConfig(loadConfig({ env: {} }), site), timeZone: "Europe/London", retention: "P20Y" };
  const sources = [{ name: "folder", folder }];
  await scanSite(
    connection,
    { config, sources, signals: comparedSignals, series: comparedSeries, now },
    { clock, makeId: randomUUID, random: () => 0 },
  );
  const periods = await readPeriods(folder);
  const coverage = JSON.parse(await readFile(join(folder, "coverage.json"), "utf8")) as Record<string, [string, string][]>;
  const intervalsOf = (type: string) => (coverage[type] ?? []).map(([from, to]) => [Date.parse(from), Date.parse(to)] as const);
  const hours = await readHours(folder);
  const covered = intervalsOf("Observation");
  const seen = { covered, heard: lessSilent(hours, covered) };
  const feeds = [...Map.groupBy(hours, ({ feed }) => feed)].map(([feed, own]) => ({ feed, hours: own, covered: intervalsOf(feed) }));
  return {
    truth: await readTruth(folder),
    found: await readFound(connection),
    periods,
    series: await readSeries(connection),
    seen,
    feeds,
    foundFeeds: await readFeeds(connection),
  };
}

async function readTruth(folder: string): Promise<TruthLoop[]> {
  const ids = comparedSignals.map(({ id }) => id);
  const lines = await readLines(folder, "truth.ndjson");
  return lines.map((line) => JSON.parse(line) as TruthLoop).filter(({ signal }) => ids.includes(signal));
}

async function readFound({ db }: Connection): Promise<FoundLoop[]> {
  const { rows } = await sql<FoundLoop>`select loop.signal, record.type || '/' || record.id as subject, loop.verdict, loop.reason,
      loop.opened_at as "openedAt", loop.due_at as "dueAt", loop.met_at as "metAt", loop.cancelling_gaps <> '[]' as "namesCancellingGap"
    from loop join record on record.resource_key = loop.subject_key
    where not loop.before_watch order by loop.opened_at, loop.loop_id`.execute(db);
  return rows;
}

async function readPeriods(folder: string): Promise<TruthPeriod[]> {
  const lines = await readLines(folder, "truth-series.ndjson");
  return lines
    .filter((line) => line.includes('"storedUntil":'))
    .map((line) => {
      const told = JSON.parse(line) as Omit<TruthPeriod, "from" | "to" | "storedUntil"> & Record<"from" | "to" | "storedUntil", string>;
      return { ...told, from: Date.parse(told.from), to: Date.parse(told.to), storedUntil: Date.parse(told.storedUntil) };
    });
}

async function readSeries({ db }: Connection): Promise<FoundSeries[]> {
  const judged = await db.selectFrom("series_judged").select(["signal", "judged_with"]).where("signal", "in", toldSeries).execute();
  const periods = await db.selectFrom("series_period").select(["signal", "from_at", "sum", "of"]).execute();
  const alarms = await db.selectFrom("alarm").select(["signal", "from_at", "to_at", "breaks", "days_between"]).execute();
  return judged.map(({ signal, judged_with }) => ({
    signal,
    read: judged_with.read[""] ?? [],
    periods: periods.filter((each) => each.signal === signal).map(({ from_at: from, sum, of }) => ({ from, sum, of })),
    alarms: alarms
      .filter((each) => each.signal === signal)
      .map(({ from_at: from, to_at: to, breaks, days_between: isOfDaysBetween }) => ({ from, to, breaks, isOfDaysBetween })),
  }));
}

/** Of a hospital in which nothing of the kind happened there is no file. */
async function readLines(folder: string, name: string): Promise<string[]> {
  if (!existsSync(join(folder, name))) return [];
  return (await readFile(join(folder, name), "utf8")).split("\n").filter((line) => line !== "");
}

async function readHours(folder: string): Promise<TruthHours[]> {
  const lines = (await readLines(folder, "truth-series.ndjson")).filter((line) => line.includes('"feed":'));
  return lines.map((line) => {
    const told = JSON.parse(line) as Omit<TruthHours, "from" | "to"> & Record<"from" | "to", string>;
    return { ...told, from: Date.parse(told.from), to: Date.parse(told.to) };
  });
}

async function readFeeds({ db }: Connection): Promise<FoundFeeds> {
  const hours = await db.selectFrom("feed_hour").select(["type", "hour_at as hour", "understood as count"]).execute();
  const alarms = await db.selectFrom("alarm").select(["signal", "type", "from_at as hour", "breaks"]).where("type", "<>", "").execute();
  return { hours, alarms };
}

/** What was read of Observations, less the hours in which none came that should have. */
function lessSilent(hours: readonly TruthHours[], covered: Seen["covered"]): Seen["heard"] {
  const isRead = (hour: number): boolean => covered.some(([from, to]) => from <= hour && hour + hourMs <= to);
  const own = hours.filter(({ feed }) => feed === "Observation");
  return silentHours(own, isRead).reduce<(readonly [number, number])[]>(
    (left, hour) =>
      left.flatMap(([from, to]) =>
        hour >= from && hour < to ? [[from, hour] as const, [hour + hourMs, to] as const] : [[from, to] as const],
      ),
    [...covered],
  );
}
