import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { followGrowth, refreshStatistics } from "../../src/worker/housekeeping.ts";
import { makeMonths } from "../../src/worker/month-partitions.ts";
import { scratchDatabase } from "../db/scratch-database.ts";

async function pagesKnown({ db }: Connection, table: string): Promise<number> {
  const { rows } = await sql<{ pages: number }>`select relpages as pages from pg_class where oid = ${table}::regclass`.execute(db);
  return rows[0]!.pages;
}

test("the planner is told of a table that has grown, and a table of terabytes is no number too large", async () => {
  const connection = await scratchDatabase();
  onTestFinished(connection.close);
  const { db } = connection;
  await sql`insert into dirty_record (resource_key, site_id, expanded) select key, 1, true from generate_series(1, 10000) as key`.execute(
    db,
  );
  // Half of what PostgreSQL can hold in a table, as it would have been told of it.
  await sql`update pg_class set relpages = ${2 ** 30} where oid = 'record'::regclass`.execute(db);
  expect(await pagesKnown(connection, "dirty_record")).toBe(0);
  await followGrowth(db);
  expect(await pagesKnown(connection, "dirty_record")).toBeGreaterThan(20);
  expect(await pagesKnown(connection, "record")).toBe(2 ** 30);
});

test("a day more tells the planner of the months and tables that it made much larger, and of no other", async () => {
  const connection = await scratchDatabase();
  onTestFinished(connection.close);
  const { db } = connection;
  const addEvents = async (from: string, count: number): Promise<void> => {
    await sql`insert into care_event (patient_key, at, event_id, site_id, activity, precision, subject_key, saying_key, subject_read, actor_kind, by_person, grade, via)
      select key, ${from}::timestamptz + key * interval '1 second', key, 1, 'result.viewed', 'exact', key, key, true, 'person', true, 1, 'audit'
      from generate_series(1, ${count}::integer) as key`.execute(db);
  };
  await makeMonths(db, [Date.UTC(2026, 0), Date.UTC(2026, 1)]);
  await addEvents("2026-01-01T00:00:00Z", 5_000);
  await addEvents("2026-02-01T00:00:00Z", 1_500);
  await sql`insert into dirty_record (resource_key, site_id, expanded) select key, 1, true from generate_series(1, 10000) as key`.execute(
    db,
  );
  await refreshStatistics(db, ["care_event", "dirty_record"]);
  const known = async (): Promise<string[]> => {
    const { rows } = await sql<{ name: string }>`select distinct relname as name from pg_statistic join pg_class on oid = starelid
      where relname like 'care_event%' or relname = 'dirty_record' order by 1`.execute(db);
    return rows.map(({ name }) => name);
  };
  expect(await known()).toEqual(["care_event", "care_event_2026_01", "care_event_2026_02", "dirty_record"]);
  await sql`delete from pg_statistic`.execute(db);
  await addEvents("2026-02-02T00:00:00Z", 2_500);
  await sql`insert into dirty_record (resource_key, site_id, expanded) select -key, 1, true from generate_series(1, 1000) as key`.execute(
    db,
  );
  await refreshStatistics(db, ["care_event", "dirty_record"]);
  expect(await known()).toEqual(["care_event_2026_02"]);
});
