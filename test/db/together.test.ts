import { setImmediate } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copyRows } from "../../src/db/copy-rows.ts";
import { together } from "../../src/db/together.ts";
import { withTransaction } from "../../src/db/transaction.ts";
import { scratchDatabase } from "./scratch-database.ts";

const { db, close } = await scratchDatabase();
beforeAll(async () => {
  await sql`create table held_together (number integer primary key)`.execute(db);
});
afterAll(close);

const held = async (): Promise<number[]> => {
  const { rows } = await sql<{ number: number }>`select number from held_together order by number`.execute(db);
  return rows.map(({ number }) => number);
};

test("statements of a transaction that do not wait for each other are done in the order in which they were sent", async () => {
  const seen: number[] = [];
  await withTransaction(db, async (transaction) => {
    const add = (number: number) => copyRows(transaction, "held_together", { number: "integer" }, [{ number }]);
    const count = async (): Promise<void> => {
      const { rows } = await sql<{ count: number }>`select count(*)::integer as count from held_together`.execute(transaction);
      seen.push(rows[0]?.count ?? -1);
    };
    await together([
      add(1),
      count(),
      sql`insert into held_together values (2)`.execute(transaction),
      count(),
      add(3),
      add(4),
      count(),
      sql`delete from held_together where number = 4`.execute(transaction),
    ]);
  });
  expect(seen).toEqual([1, 2, 4]);
  expect(await held()).toEqual([1, 2, 3]);
});

test("what still follows when something fails is rolled back with it, and what failed first is told", async () => {
  let written: Promise<void> | undefined;
  const failing = withTransaction(db, async (transaction) => {
    const failed = copyRows(transaction, "held_together", { number: "integer" }, [{ number: 6 }, { number: 1 }]);
    const writeLater = async (): Promise<void> => {
      await failed.catch(() => undefined);
      for (let turn = 0; turn < 100; turn += 1) await setImmediate();
      await sql`insert into held_together values (5)`.execute(transaction);
    };
    written = writeLater();
    await together([written, failed, sql`insert into held_together values (7)`.execute(transaction)]);
  });
  await expect(failing).rejects.toMatchObject({ code: "23505" });
  await expect(written).rejects.toMatchObject({ code: "25P02" });
  expect(await held()).toEqual([1, 2, 3]);
  await sql`insert into held_together values (8)`.execute(db);
  expect(await held()).toEqual([1, 2, 3, 8]);
});

test("of much that is sent at once, each is answered for itself, though one in the middle fails", async () => {
  await sql`delete from held_together`.execute(db);
  const outcomes = await withTransaction(db, async (inner) => {
    const add = (number: number) => copyRows(inner, "held_together", { number: "integer" }, [{ number }]);
    const statements = [
      add(1),
      sql`savepoint here`.execute(inner),
      add(1),
      add(2),
      sql`rollback to savepoint here`.execute(inner),
      sql`select 1`.execute(inner),
      add(3),
    ];
    return (await Promise.allSettled(statements)).map(({ status }) => status);
  });
  expect(outcomes).toEqual(["fulfilled", "fulfilled", "rejected", "rejected", "fulfilled", "fulfilled", "fulfilled"]);
  expect(await held()).toEqual([1, 3]);
});

test("what failed first is told, though what failed because of it was heard of earlier", async () => {
  const coded = (code: string): Error => Object.assign(new Error(code), { code });
  const cause = setImmediate().then(() => Promise.reject(coded("23505")));
  await expect(together([cause, Promise.reject(coded("25P02"))])).rejects.toMatchObject({ code: "23505" });
  await expect(together([Promise.reject(coded("25P02"))])).rejects.toMatchObject({ code: "25P02" });
  await together([Promise.resolve(1)]);
});
