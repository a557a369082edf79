import { sql } from "kysely";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { connect, type Connection } from "../../src/db/connect.ts";
import { emptyMonth, listMonthsBefore, makeMonths } from "../../src/worker/month-partitions.ts";
import { scratchPlace } from "../db/scratch-database.ts";

const year = (number: number) => Array.from({ length: 12 }, (_, month) => Date.UTC(number, month, 15));
const listYear = async ({ db }: Connection, number: number): Promise<string[]> =>
  (await listMonthsBefore(db, Date.UTC(number + 1, 0))).filter((name) => name.startsWith(`care_event_${String(number)}`));

let place: Awaited<ReturnType<typeof scratchPlace>>;
beforeAll(async () => {
  place = await scratchPlace();
  return place.remove;
});

async function open(): Promise<Connection> {
  const connection = await connect(place);
  onTestFinished(connection.close);
  return connection;
}

test("workers of several sites need the same new months at once: each month is made once, and none of them fails", async () => {
  const workers = await Promise.all([open(), open(), open(), open()]);
  await Promise.all(workers.flatMap(({ db }) => [makeMonths(db, year(2030)), makeMonths(db, year(2030).reverse())]));
  expect(await listYear(workers[0], 2030)).toHaveLength(12);
});

test("a month is made while others read and write, and two who write and need one do not wait for each other for good", async () => {
  const [one, another] = await Promise.all([open(), open()]);
  const bothHaveRead = Promise.withResolvers<undefined>();
  let reading = 0;
  const write = ({ db }: Connection): Promise<void> =>
    db.transaction().execute(async (transaction) => {
      await sql`lock table care_event in row exclusive mode`.execute(transaction);
      reading += 1;
      if (reading === 2) bothHaveRead.resolve(undefined);
      await bothHaveRead.promise;
      await makeMonths(transaction, year(2031));
    });
  await Promise.all([write(one), write(another)]);
  expect(await listYear(one, 2031)).toHaveLength(12);
});

test("a month is made while the server cleans or measures another, which may take it long", async () => {
  const [cleaning, making] = await Promise.all([open(), open()]);
  await makeMonths(making.db, [Date.UTC(2033, 0, 15)]);
  await cleaning.db.transaction().execute(async (transaction) => {
    // As vacuum and analyze lock a table.
    await sql`lock table care_event_2033_01 in share update exclusive mode`.execute(transaction);
    await making.db.transaction().execute(async (other) => {
      await sql`set local lock_timeout = '2s'`.execute(other);
      await makeMonths(other, year(2033));
    });
  });
  expect(await listYear(making, 2033)).toHaveLength(12);
});

test("two who drop the same months at once: both end well, and the months are gone", async () => {
  const [one, another] = await Promise.all([open(), open()]);
  await makeMonths(one.db, year(2032));
  const months = await listYear(one, 2032);
  const drop = async ({ db }: Connection): Promise<void> => {
    for (const month of months) await db.transaction().execute((transaction) => emptyMonth(transaction, month, []));
  };
  await Promise.all([drop(one), drop(another)]);
  expect(await listYear(one, 2032)).toEqual([]);
});
