import { sql, type Kysely } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { besideTransactions } from "../../src/db/beside.ts";
import type { Connection } from "../../src/db/connect.ts";
import { copyRows } from "../../src/db/copy-rows.ts";
import type { Database } from "../../src/db/schema.ts";
import { withTransaction } from "../../src/db/transaction.ts";
import { scratchDatabase } from "./scratch-database.ts";
import { truncateAll } from "./truncate-all.ts";

let connection: Connection;
let beside: Kysely<Database>;
beforeAll(async () => {
  connection = await scratchDatabase();
  beside = besideTransactions(connection.db);
  await sql`create table noted (number integer primary key)`.execute(connection.db);
});
afterAll(() => connection.close());
beforeEach(() => truncateAll(connection.db));

const note = (db: Kysely<Database>, number: number): Promise<void> => copyRows(db, "noted", { number: "integer" }, [{ number }]);

async function numbers(db: Kysely<Database>): Promise<number[]> {
  return (await sql<{ number: number }>`select number from noted order by number`.execute(db)).rows.map(({ number }) => number);
}

test("what is looked up beside a transaction is answered while it is open, and bears nothing of its end", async () => {
  await note(connection.db, 1);
  const failing = withTransaction(connection.db, async (transaction) => {
    await note(transaction, 2);
    // On one connection without this, each would wait for the other.
    const seen = await numbers(beside);
    expect(seen.filter((number) => number !== 2)).toEqual([1]);
    throw new Error("changed my mind");
  });
  await expect(failing).rejects.toThrow("changed my mind");
  expect(await numbers(beside)).toEqual([1]);
});

test("it does not wait for what the transaction has yet to write", async () => {
  const ended: string[] = [];
  await withTransaction(connection.db, async (transaction) => {
    const writing = Array.from({ length: 20 }, async (_, number) => {
      await note(transaction, number);
      ended.push(String(number));
    });
    const looking = numbers(beside).then(() => ended.push("looked up"));
    await Promise.all([...writing, looking]);
  });
  expect(ended).toHaveLength(21);
  // On another connection nothing is in its way.
  if (connection.kind === "embedded") expect(ended.indexOf("looked up")).toBeLessThan(20);
  expect(await numbers(connection.db)).toHaveLength(20);
});

test("where a statement of the transaction has failed, it is answered when that has ended", async () => {
  await note(connection.db, 1);
  let looking: Promise<number[]> | undefined;
  const failing = withTransaction(connection.db, async (transaction) => {
    // From here on it is known on which connection to ask.
    await numbers(beside);
    await note(transaction, 2);
    await note(transaction, 1).catch(() => undefined);
    looking = numbers(beside);
    await new Promise((resolve) => setTimeout(resolve, 50));
    throw new Error("it cannot go on");
  });
  await expect(failing).rejects.toThrow("it cannot go on");
  expect(await looking).toEqual([1]);
});

test("what cannot be answered says so to whoever looked it up, and the next is answered as ever", async () => {
  await expect(sql`select nonsense`.execute(beside)).rejects.toMatchObject({ code: "42703" });
  const seen = withTransaction(connection.db, async (transaction) => {
    await note(transaction, 1);
    return numbers(beside);
  });
  expect(await seen).toEqual(connection.kind === "postgres" ? [] : [1]);
});

test("on one connection no transaction begins beside: it would be that of somebody else", async () => {
  const within = beside.transaction().execute((transaction) => numbers(transaction));
  if (connection.kind === "postgres") expect(await within).toEqual([]);
  else await expect(within).rejects.toThrow("No transaction is begun beside one.");
});
