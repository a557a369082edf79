import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "kysely";
import type { Connection } from "../../src/db/connect.ts";
import { adviseMemory } from "../../src/insight/advise-memory.ts";
import { readDatabaseMemory } from "../../src/store/database-memory.ts";
import { scratchDatabase } from "../db/scratch-database.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());

const [mega, giga] = [1024 ** 2, 1024 ** 3];

test("a large database with no more memory than where nobody has set it is advised to get more, and no other", () => {
  const advice = adviseMemory({ bytes: 14.25 * giga, sharedBuffers: 128 * mega });
  expect(advice).toContain("holds 14.3 GB, and PostgreSQL keeps 128 MB");
  expect(advice).toContain("alter system set shared_buffers");
  expect(adviseMemory({ bytes: 14 * giga, sharedBuffers: 129 * mega })).toBeUndefined();
  expect(adviseMemory({ bytes: giga - 1, sharedBuffers: 128 * mega })).toBeUndefined();
  expect(adviseMemory({ bytes: giga, sharedBuffers: 16 * mega })).toContain("keeps 16 MB");
});

test("a server says how much it holds and keeps; of the embedded database nothing is to be set", async () => {
  const memory = await readDatabaseMemory(connection);
  if (connection.kind === "embedded") {
    expect(memory).toBeUndefined();
    return;
  }
  const { rows } = await sql<{ pages: number }>`select setting::integer as pages from pg_settings where name = 'shared_buffers'`.execute(
    connection.db,
  );
  expect(memory?.sharedBuffers).toBe((rows[0]?.pages ?? 0) * 8_192);
  expect(memory?.bytes).toBeGreaterThan(mega);
});
