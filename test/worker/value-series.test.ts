import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { listAlarms } from "../../src/store/alarm.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { aDay, dayMs, drawResults, end, first, north, scanMeasured } from "./measured-hospital.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());
beforeEach(() => truncateAll(connection.db));

async function outcome(): Promise<{ measured: { readonly from_at: number }[]; alarms: string[] }> {
  const { rows } = await sql<{
    from_at: number;
  }>`select signal, from_at, to_at, round(sum::numeric, 6) as sum, "of", left_out from series_period order by signal, from_at`.execute(
    connection.db,
  );
  const alarms = await listAlarms(connection.db, {}, 1_000);
  return {
    measured: rows,
    alarms: alarms.map(({ signal, from, to, breaks }) => `${signal} ${iso(from)} ${iso(to)} ${breaks.join()}`).sort(),
  };
}

const iso = (at: number): string => new Date(at).toISOString().slice(0, 16);

test("in whatever order and portions results arrive, scans of what changed end as a rebuild does, day by day by the clock on the wall", async () => {
  const resources = drawResults(aDay);
  await scanMeasured(connection, end, { resources, until: end });
  const whole = await outcome();
  expect(whole.alarms).toEqual([
    "potassium-shift 2026-03-27T00:00 2026-03-28T00:00 outside",
    "results-incomplete 2026-03-29T00:00 2026-03-29T23:00 outside",
  ]);

  // Every fifth comes a week and more late; between, a day is not read, and then is: until then it is no point.
  await truncateAll(connection.db);
  const isLate = (index: number): boolean => index % 5 === 0;
  const upTo = (day: number) => resources.slice(0, day * aDay).filter((_, index) => !isLate(index));
  const dayOf = (day: number): [number, number] => [first + day * dayMs, first + (day + 1) * dayMs];
  await scanMeasured(connection, first + 15 * dayMs, { resources: upTo(15).reverse(), until: first + 15 * dayMs, gap: dayOf(12) });
  await scanMeasured(connection, first + 29 * dayMs, { resources: upTo(29), until: first + 29 * dayMs, gap: dayOf(25) });
  expect((await outcome()).alarms).toEqual([]);
  await scanMeasured(connection, end, {
    resources: resources.filter((_, index) => isLate(index) || index >= 29 * aDay).reverse(),
    until: end,
  });
  expect(await outcome()).toEqual(whole);

  // An earlier now knows nothing of later days; a later one measures those that have ended since.
  await scanMeasured(connection, first + 26 * dayMs, {}, { sources: [] });
  const earlier = await outcome();
  await scanMeasured(connection, first + 26 * dayMs, {}, { sources: [], rebuild: "relate" });
  expect(await outcome()).toEqual(earlier);
  expect(earlier.alarms).toEqual([]);
  await scanMeasured(connection, end, {}, { sources: [] });
  expect(await outcome()).toEqual(whole);

  // In another zone the days are others.
  await scanMeasured(connection, end, {}, { sources: [], config: { ...north, timeZone: "UTC" } });
  const starts = (await outcome()).measured.map(({ from_at }) => from_at % dayMs);
  expect(new Set(starts)).toEqual(new Set([0]));
});
