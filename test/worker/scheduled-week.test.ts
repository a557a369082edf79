import { sql } from "kysely";
import { afterAll, expect, test } from "vitest";
import type { SiteConfig } from "../../src/config/config.ts";
import { connect } from "../../src/db/connect.ts";
import type { Instant } from "../../src/domain/instant.ts";
import type { DueKind } from "../../src/domain/schedule.ts";
import { findDueRun, listDueRuns } from "../../src/store/due-run.ts";
import { listRuns } from "../../src/store/run.ts";
import { getSite } from "../../src/store/site.ts";
import { scratchPlace } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { watchedSlots, written, type PlainCron } from "../domain/wall-clock.ts";
import { rollDice } from "../hospital/dice.ts";
import { listSeeds } from "../property/seeds.ts";
import { makeSchedule, makeSite } from "./make-scheduler.ts";
import { passWeek } from "./scheduled-week.ts";

const place = await scratchPlace();
const connection = await connect(place);
const { db } = connection;

afterAll(async () => {
  await connection.close();
  await place.remove();
});

const everyHour = [...Array(24).keys()];
const daily = (minute: number, ...hours: number[]): PlainCron => ({ minutes: [minute], hours, days: "*", weekdays: "*" });

/** Three kinds of site: the usual one; one with another rhythm and clock; and one that cannot be read. */
const places: readonly { name: string; timeZone: string; crons: Record<DueKind, PlainCron>; more?: Partial<SiteConfig> }[] = [
  { name: "north", timeZone: "Europe/London", crons: { increment: daily(0, ...everyHour), reconcile: daily(30, 1) } },
  { name: "west", timeZone: "Atlantic/Azores", crons: { increment: daily(15, 0, 6, 12, 18), reconcile: daily(0, 0, 1, 13) } },
  {
    name: "broken",
    timeZone: "Europe/London",
    crons: { increment: daily(5, 8, 16), reconcile: daily(45, 1) },
    more: { sources: [{ name: "epr", folder: "/nowhere/at/all" }] },
  },
];
const sites = places.map(({ name, timeZone, crons, more }) =>
  makeSite(name, { timeZone, schedule: makeSchedule(written(crons.increment), written(crons.reconcile)), ...more }),
);

/** Mondays of the weeks in which clocks go back, and forward. */
const weeks = ["2026-10-19T00:10:00Z", "2027-03-22T00:10:00Z"].flatMap((start) => listSeeds(2).map((seed) => ({ start, seed })));

test.each(weeks)(
  "from $start (seed $seed): every slot is settled by one run, none before it was due, none lost, each run within a site alone",
  async ({ start, seed }) => {
    await truncateAll(db);
    const from = Date.parse(start);
    const week = await passWeek({ place, connection, sites, start: from, dice: rollDice(seed, from / 1_000) });
    expect(week.deaths).toBeGreaterThan(10);
    const settledBy = new Map(week.settled.map((each) => [each.runId, each]));
    expect(settledBy.size).toBe(week.settled.length);

    let interrupted = 0;
    for (const { name, timeZone, crons } of places) {
      const { siteId } = await getSite(db, name);
      const rows = await listDueRuns(db, siteId, 10_000);
      const runs = new Map((await listRuns(db, siteId, 10_000)).map((run) => [run.id, run]));
      for (const kind of ["increment", "reconcile"] as const) {
        const slots = rows.filter((row) => row.kind === kind && row.askedBy === undefined).map(({ dueAt }) => dueAt);
        const first = watchedSlots(crons[kind], timeZone, from - 2 * 86_400_000, from).at(-1)!;
        expect(readable(slots.toReversed())).toEqual(readable([first, ...watchedSlots(crons[kind], timeZone, from, week.end)]));
      }
      for (const row of rows) {
        const run = runs.get(row.runId!)!;
        expect({ state: row.state, run: run.state }).toEqual(
          name === "broken" ? { state: "failed", run: "failed" } : { state: "done", run: "incomplete" },
        );
        expect(run.startedAt).toBeGreaterThanOrEqual(row.dueAt);
      }
      // What a run said it had settled is what says that it was settled by this run: so no other has settled it too.
      for (const run of runs.values()) {
        const said = settledBy.get(run.id)?.settled;
        if (said !== undefined) expect(rows.filter(({ runId }) => runId === run.id)).toHaveLength(said);
      }
      const inOrder = [...runs.values()].sort((a, b) => a.startedAt - b.startedAt);
      inOrder.forEach((run, index) => {
        expect(run.state).not.toBe("running");
        expect(run.finishedAt ?? run.startedAt).toBeLessThan(inOrder[index + 1]?.startedAt ?? Infinity);
      });
      interrupted += inOrder.filter(({ state }) => state === "interrupted").length;
    }
    expect(interrupted).toBeGreaterThan(3);
    for (const id of week.asked) expect((await findDueRun(db, id))?.runId).toBeDefined();
    const { rows: doubles } = await sql`select site_id, kind, due_at from due_run where asked_by is null
      group by 1, 2, 3 having count(*) > 1`.execute(db);
    expect(doubles).toEqual([]);
  },
);

const readable = (instants: readonly Instant[]): string[] => instants.map((at) => new Date(at).toISOString().slice(0, 16));
