import { afterAll, describe, expect, it } from "vitest";
import type { Instant, Interval } from "../../src/domain/instant.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { deliver } from "../hospital/delivery.ts";
import { makeHospital } from "../hospital/hospital.ts";
import { referenceLoops } from "../reference/reference.ts";
import { instantsOf, scanHospital, site, withFolders } from "./engine-hospital.ts";
import { readOutcome, type LoopRow } from "./outcome.ts";
import { listSeeds } from "./seeds.ts";
import { count, countHospital, countLoops, printTally, startTally } from "./tally.ts";

const connection = await scratchDatabase();
const seeds = listSeeds(40, 16);
const tally = startTally("loop before watch", "loop of a record without patient");

afterAll(() => connection.close());

describe("a plain reading of the text agrees with the engine", () => {
  it.each(seeds)("seed %i: on every loop", async (seed) => {
    const hospital = makeHospital(seed);
    const now = instantsOf(hospital).at(-1)!;
    await truncateAll(connection.db);
    await withFolders(deliver(hospital, 1, { parts: 1, duplicate: false, shuffle: false }), (folders) =>
      scanHospital(connection, { hospital, folders, now }),
    );
    const outcome = await readOutcome(connection.db);
    countHospital(tally, hospital);
    countLoops(tally, outcome);
    for (const loop of outcome.loops) {
      if (loop.before_watch) count(tally, "loop before watch");
      if (loop["patient_key"] === loop["subject_key"]) count(tally, "loop of a record without patient");
    }
    const expected = referenceLoops({
      site,
      timeZone: hospital.timeZone,
      now,
      resources: hospital.resources,
      coverage: await readCoverage(),
    });
    expect(outcome.loops.map(describeLoop).sort()).toEqual(expected.map((loop) => sayLoop({ ...loop, activity: loop.opening })).sort());
  });

  it("has been tried on every verdict, reason and encoding, on merges, unmerges and changed dues", () => {
    expect(printTally(`Reference, ${seeds.length} hospitals`, tally)).toEqual([]);
  });
});

/** What the folder's coverage was taken to be: what a type that it does not name is assumed to cover is the reader's affair. */
async function readCoverage(): Promise<Record<string, Interval[]>> {
  const feeds = await connection.db.selectFrom("feed").select("type").distinct().execute();
  const covered = await connection.db.selectFrom("coverage").select(["type", "from_at", "to_at"]).execute();
  return Object.fromEntries(
    feeds.map(({ type }) => [type, covered.filter((row) => row.type === type).map((row) => ({ from: row.from_at, to: row.to_at }))]),
  );
}

function describeLoop(row: LoopRow): string {
  return sayLoop({
    signal: row.signal,
    subject: row.subject,
    activity: String(row["opening_activity"]),
    openedAt: row["opened_at"] as Instant,
    dueAt: row["due_at"] as Instant,
    metAt: row["met_at"] as Instant | null,
    verdict: row.verdict,
    reason: row.reason,
    beforeWatch: row.before_watch,
  });
}

interface Said {
  readonly signal: string;
  readonly subject: string;
  readonly activity: string;
  readonly openedAt: Instant;
  readonly dueAt: Instant;
  readonly metAt: Instant | null;
  readonly verdict: string;
  readonly reason: string | null;
  readonly beforeWatch: boolean;
}

function sayLoop(loop: Said): string {
  const [opened, due, met] = [loop.openedAt, loop.dueAt, loop.metAt].map((at) => (at === null ? "never" : new Date(at).toISOString()));
  return `${loop.signal} ${loop.subject} ${loop.activity} ${opened}: due ${due}, met ${met}, ${loop.verdict} ${loop.reason ?? ""}${loop.beforeWatch ? ", before watch" : ""}`;
}
