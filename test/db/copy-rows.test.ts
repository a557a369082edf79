import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ColumnTypes } from "../../src/db/bulk-write.ts";
import type { Connection } from "../../src/db/connect.ts";
import { copyRows } from "../../src/db/copy-rows.ts";
import { scratchDatabase } from "./scratch-database.ts";
import { truncateAll } from "./truncate-all.ts";

const columns: ColumnTypes = {
  id: "bigint",
  label: "text",
  at: "timestamptz",
  keys: "bigint[]",
  names: "text[]",
  detail: "jsonb",
  said: "json",
  body: "bytea",
  level: "double precision",
  urgent: "boolean",
  place: "integer",
  grade: "smallint",
  run: "uuid",
  activity: "activity",
};

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
  await sql`create table copied (id bigint primary key, label text, at timestamptz, keys bigint[], names text[], detail jsonb, said json, body bytea,
    level double precision, urgent boolean, place integer, grade smallint, run uuid, activity activity)`.execute(connection.db);
});
afterAll(() => connection.close());
beforeEach(() => truncateAll(connection.db));

async function readAll(): Promise<unknown[]> {
  return (await sql`select * from copied order by id`.execute(connection.db)).rows;
}

const empty = Object.fromEntries(Object.keys(columns).map((name) => [name, null]));
const full = {
  id: -(2n ** 63n),
  label: 'a "quoted" back\\slash, ünïcode 漢字, \\N, a tab\t and a line\nbreak',
  at: 1_700_000_000_123,
  keys: [1n, 2n ** 62n, null],
  names: ['a "b"', "c,d", "e\\f", "{}", "NULL", "", null],
  detail: { text: 'say "so" \\ {1,2}', list: [1, [2]], nothing: null },
  said: { text: 'say "so" \\ {1,2}', list: [1, [2]], nothing: null },
  body: new Uint8Array([0, 1, 92, 255]),
  level: -Infinity,
  urgent: true,
  place: -2_147_483_648,
  grade: 3,
  run: randomUUID(),
  activity: "result.viewed",
};

describe("copyRows", () => {
  test("every type comes back as it was given, and what a row lacks is null", async () => {
    await copyRows(connection.db, "copied", columns, [full, { id: 7n }, { id: 8n, keys: [], names: [], label: "" }]);
    expect(await readAll()).toStrictEqual([full, { ...empty, id: 7n }, { ...empty, id: 8n, keys: [], names: [], label: "" }]);
  });

  test("instants far away, and endless ones, stay what they were", async () => {
    const instants = [Infinity, -Infinity, 0, -1, Date.UTC(9999, 11, 31), Date.UTC(1, 0, 1), Date.parse("-000099-01-01T00:00:00Z")];
    const rows = instants.map((at, index) => ({ ...empty, id: BigInt(index), at }));
    await copyRows(connection.db, "copied", columns, rows);
    expect(await readAll()).toStrictEqual(rows);
  });

  test("more rows than one statement takes all arrive", async () => {
    const long = "x".repeat(900);
    const rows = Array.from({ length: 12_001 }, (_, index) => ({ id: BigInt(index), label: `${long}${index}` }));
    await copyRows(connection.db, "copied", { id: "bigint", label: "text" }, rows);
    const { rows: summary } = await sql`select count(*) as count from copied where label = ${long} || id`.execute(connection.db);
    expect(summary).toEqual([{ count: 12_001n }]);
  });

  test("a row that is held is an error with its code; the connection goes on, and the transaction is gone", async () => {
    await copyRows(connection.db, "copied", { id: "bigint" }, [{ id: 1n }]);
    const twice = connection.db.transaction().execute(async (transaction) => {
      await copyRows(transaction, "copied", { id: "bigint" }, [{ id: 2n }]);
      await copyRows(transaction, "copied", { id: "bigint" }, [{ id: 3n }, { id: 1n }]);
    });
    await expect(twice).rejects.toMatchObject({ code: "23505" });
    expect(await readAll()).toStrictEqual([{ ...empty, id: 1n }]);
  });

  test("no such table is an error, and what was sent for it is read past", async () => {
    await expect(copyRows(connection.db, "no_such_table", { id: "bigint" }, [{ id: 1n }])).rejects.toMatchObject({ code: "42P01" });
    expect(await readAll()).toEqual([]);
  });

  test("no rows, no statement", async () => {
    await copyRows(connection.db, "no_such_table", columns, []);
  });

  test("a value of another type is refused before anything is sent", async () => {
    await expect(copyRows(connection.db, "copied", columns, [{ id: 1n, label: 5 }])).rejects.toThrow("for a column of type text");
    await expect(copyRows(connection.db, "copied", columns, [{ id: 1n, at: NaN }])).rejects.toThrow(RangeError);
    expect(await readAll()).toEqual([]);
  });
});
