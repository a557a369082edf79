import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { patient, report, verify } from "../store/small-ward.ts";
import { scanResources } from "./scan-resources.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());

const now = "2026-06-01T00:00:00Z";

/** Every care event and record with the place at which its row lies: it moves when the row is written again. */
async function rows(): Promise<string[]> {
  const { rows: found } = await sql<{
    line: string;
  }>`select activity || ' of ' || id || ' at ' || care_event.ctid || ' ' || record.ctid as line
    from care_event join record on resource_key = saying_key order by line`.execute(connection.db);
  return found.map(({ line }) => line);
}

test("a rebuild writes nothing again that says the same, and puts back what is not there as its record tells", async () => {
  await scanResources(connection, {
    resources: [...["k", "l"].flatMap((id) => [patient(id), report(id)]), verify("k", "2026-03-01T10:00:00Z")],
    now,
  });
  const before = await rows();
  expect(before.length).toBeGreaterThanOrEqual(2);
  await scanResources(connection, { rebuild: true, now });
  expect(await rows()).toEqual(before);
  const { rows: gone } = await sql<{ event_id: bigint }>`delete from care_event where event_id in (select min(event_id) from care_event)
    returning event_id`.execute(connection.db);
  await scanResources(connection, { rebuild: true, now });
  const { rows: found } = await sql<{ event_id: bigint }>`select event_id from care_event`.execute(connection.db);
  expect(found).toHaveLength(before.length);
  expect(found).toContainEqual(gone[0]);
});

test("a rebuild that is not to relate judges everybody from nothing, by the events as they are held", async () => {
  const loops = async () =>
    (await connection.db.selectFrom("loop").selectAll().orderBy("loop_id").execute()).map(({ loop_id, ...loop }) => [
      loop_id,
      loop.verdict,
      loop.due_at,
    ]);
  const before = await loops();
  expect(before.length).toBeGreaterThan(1);
  const related = await rows();
  await sql`delete from loop where loop_id in (select loop_id from loop order by loop_id limit 1)`.execute(connection.db);
  await sql`update loop set due_at = due_at + interval '1 day'`.execute(connection.db);
  await scanResources(connection, { rejudge: true, now });
  expect(await loops()).toEqual(before);
  expect(await rows()).toEqual(related);
  // Whose events are gone has no loops left: nothing was related.
  await sql`delete from care_event`.execute(connection.db);
  await scanResources(connection, { rejudge: true, now });
  expect(await loops()).toEqual([]);
  await scanResources(connection, { rebuild: true, now });
  expect(await loops()).toEqual(before);
});
