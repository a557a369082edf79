import { setImmediate } from "node:timers/promises";
import { sql } from "kysely";
import type { Kysely } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import type { Database } from "../../src/db/schema.ts";
import { withTransaction } from "../../src/db/transaction.ts";
import { scratchDatabase } from "./scratch-database.ts";
import { truncateAll } from "./truncate-all.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
  await sql`create table ledger (entry text primary key)`.execute(connection.db);
});
afterAll(() => connection.close());
beforeEach(() => truncateAll(connection.db));

async function write(db: Kysely<Database>, entry: string): Promise<void> {
  await sql`insert into ledger values (${entry})`.execute(db);
}

async function entries(db: Kysely<Database>): Promise<string[]> {
  return (await sql<{ entry: string }>`select entry from ledger order by entry`.execute(db)).rows.map(({ entry }) => entry);
}

test("what ends is kept, what throws leaves nothing", async () => {
  await withTransaction(connection.db, (db) => write(db, "kept"));
  const failing = withTransaction(connection.db, async (db) => {
    await write(db, "undone");
    throw new Error("changed my mind");
  });
  await expect(failing).rejects.toThrow("changed my mind");
  expect(await entries(connection.db)).toEqual(["kept"]);
});

test("a transaction within one is the same one", async () => {
  const failing = withTransaction(connection.db, async (outer) => {
    await withTransaction(outer, (inner) => write(inner, "inner"));
    expect(await entries(outer)).toEqual(["inner"]);
    throw new Error("the outer one fails");
  });
  await expect(failing).rejects.toThrow("the outer one fails");
  expect(await entries(connection.db)).toEqual([]);
});

test("a query from outside does not join in: it never sees what is not committed, and survives the rollback", async () => {
  let seenOutside: Promise<string[]> | undefined;
  const failing = withTransaction(connection.db, async (db) => {
    await write(db, "inside");
    seenOutside = entries(connection.db).then(async (seen) => {
      await write(connection.db, "outside");
      return seen;
    });
    // Were they let in, they would run before these.
    await entries(db);
    const seenInside = await entries(db);
    // PostgreSQL shows what another session has committed meanwhile; the embedded database lets nobody else in.
    expect(connection.kind === "embedded" ? seenInside : seenInside.filter((entry) => entry !== "outside")).toEqual(["inside"]);
    throw new Error("roll back");
  });
  await expect(failing).rejects.toThrow("roll back");
  expect(await seenOutside).toEqual([]);
  expect(await entries(connection.db)).toEqual(["outside"]);
});

test("many transactions at once all get their turn", async () => {
  const work = Array.from({ length: 30 }, (_, index) =>
    withTransaction(connection.db, async (db) => {
      await write(db, `a${index}`);
      await write(db, `b${index}`);
    }),
  );
  await Promise.all(work);
  expect((await entries(connection.db)).length).toBe(60);
});

test("after an error inside, the transaction cannot be committed and the connection is clean again", async () => {
  const failing = withTransaction(connection.db, async (db) => {
    await write(db, "before");
    await sql`select 1 / 0`.execute(db).catch(() => undefined);
  });
  await expect(failing).rejects.toThrow("rolled back instead of committed");
  expect(await entries(connection.db)).toEqual([]);
});

test("a server goes on with what was sent to it while we are busy, in the order in which it was sent", async () => {
  // The embedded database takes one statement after another.
  if (connection.kind === "embedded") return;
  const busyMs = 300;
  const times = await withTransaction(connection.db, async (db) => {
    const both = Promise.all(
      [1, 2].map(() => sql<{ at: number }>`select extract(epoch from clock_timestamp())::float8 * 1000 as at`.execute(db)),
    );
    await setImmediate();
    const until = performance.now() + busyMs;
    while (performance.now() < until);
    return (await both).map(({ rows }) => rows[0]?.at ?? NaN);
  });
  const [first = NaN, second = NaN] = times;
  expect(second).toBeGreaterThan(first);
  expect(second - first).toBeLessThan(busyMs / 2);
});
