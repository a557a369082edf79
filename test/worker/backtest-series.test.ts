import { afterAll, beforeAll, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { listAlarms } from "../../src/store/alarm.ts";
import { findSeriesJudged } from "../../src/store/series-judged.ts";
import { getSite } from "../../src/store/site.ts";
import { backtestSeries } from "../../src/worker/backtest-series.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { drawResults, end, north, scanMeasured, smallSeries } from "./measured-hospital.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());

const [potassium] = smallSeries.filter(({ id }) => id === "potassium-shift");

test("says which alarms a series would raise, and against the one in force which are new, gone or longer; writes nothing", async () => {
  // Without any series no value is a care event yet: they are made for the question, and gone after it.
  await scanMeasured(connection, end, { resources: drawResults(4), until: end }, { series: [] });
  const [never] = [await backtestSeries(connection, north, potassium!)];
  expect([never.alarms.map(({ breaks }) => breaks), never.against]).toEqual([[["outside"]], undefined]);
  const { siteId } = await getSite(connection.db, "north");
  expect([await findSeriesJudged(connection.db, siteId, potassium!.id), await listAlarms(connection.db, {}, 10)]).toEqual([undefined, []]);
  expect(await connection.db.selectFrom("care_event").select("activity").execute()).toEqual([]);

  await scanMeasured(connection, end, {}, { sources: [], series: [potassium!] });
  expect((await backtestSeries(connection, north, potassium!)).against).toEqual({ fresh: 0, gone: 0, changed: 0 });
  const { series } = potassium!;
  const lower = {
    ...potassium!,
    series: { ...series, rules: [{ rule: "outside" as const, side: "low" as const, basis: "local default" }] },
  };
  expect((await backtestSeries(connection, north, lower)).against).toEqual({ fresh: 0, gone: 1, changed: 0 });
  expect((await listAlarms(connection.db, {}, 10)).length).toBe(1);
});
