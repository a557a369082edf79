import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { followGrowth } from "../../src/worker/housekeeping.ts";
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
