import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { patient, report } from "../store/small-ward.ts";
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
  await scanResources(connection, { resources: ["k", "l"].flatMap((id) => [patient(id), report(id)]), now });
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
