import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { insertRows } from "../../src/db/bulk-write.ts";
import type { ColumnTypes } from "../../src/db/bulk-write.ts";
import type { Connection } from "../../src/db/connect.ts";
import { scratchDatabase } from "./scratch-database.ts";
import { truncateAll } from "./truncate-all.ts";

const columns: ColumnTypes = {
  id: "bigint",
  label: "text",
  at: "timestamptz",
  seen: "timestamptz[]",
  keys: "bigint[]",
  names: "text[]",
  detail: "jsonb",
  body: "bytea",
  level: "double precision",
  urgent: "boolean",
};

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
  await sql`create table bulk (id bigint primary key, label text, at timestamptz, seen timestamptz[], keys bigint[], names text[],
    detail jsonb, body bytea, level double precision, urgent boolean)`.execute(connection.db);
});
afterAll(() => connection.close());
beforeEach(() => truncateAll(connection.db));

async function readAll(): Promise<unknown[]> {
  return (await sql`select * from bulk order by id`.execute(connection.db)).rows;
}

const empty = { label: null, at: null, seen: null, keys: null, names: null, detail: null, body: null, level: null, urgent: null };
const full = {
  id: -(2n ** 63n),
  label: 'a "quoted" back\\slash, {braces}, NULL, and a line\nbreak',
  at: 1_700_000_000_123,
  seen: [0, Infinity, null],
  keys: [1n, 2n ** 62n, null],
  names: ['a "b"', "c,d", "e\\f", "{}", "NULL", "", null],
  detail: { text: 'say "so" \\ {1,2}', list: [1, [2]], nothing: null },
  body: new Uint8Array([0, 1, 92, 255]),
  level: Infinity,
  urgent: false,
};

describe("insertRows", () => {
  test("every type comes back as it was given, and what a row lacks is null", async () => {
    const result = await insertRows(connection.db, "bulk", columns, [full, { id: 7n }, { id: 8n, keys: [], names: [], label: "" }]);
    expect(result).toEqual({ count: 3, rows: [] });
    expect(await readAll()).toStrictEqual([full, { id: 7n, ...empty }, { id: 8n, ...empty, keys: [], names: [], label: "" }]);
  });

  test("a top-level list and a bare text are jsonb values too", async () => {
    await insertRows(connection.db, "bulk", { id: "bigint", detail: "jsonb" }, [
      { id: 1n, detail: [1, "two"] },
      { id: 2n, detail: "text" },
    ]);
    expect(await readAll()).toStrictEqual([
      { id: 1n, ...empty, detail: [1, "two"] },
      { id: 2n, ...empty, detail: "text" },
    ]);
  });

  test("no rows, no statement", async () => {
    expect(await insertRows(connection.db, "no_such_table", columns, [])).toEqual({ count: 0, rows: [] });
  });

  test("more rows than one statement takes all arrive, in order", async () => {
    const rows = Array.from({ length: 12_001 }, (_, index) => ({ id: BigInt(index), label: `row ${index}` }));
    const result = await insertRows<{ id: bigint }>(connection.db, "bulk", { id: "bigint", label: "text" }, rows, { returning: ["id"] });
    expect(result.count).toBe(12_001);
    expect(result.rows.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    const { rows: summary } = await sql`select count(*) as count, max(label) as label from bulk where label = 'row ' || id`.execute(
      connection.db,
    );
    expect(summary).toEqual([{ count: 12_001n, label: "row 9999" }]);
  });

  test("wide rows are cut into several statements", async () => {
    const rows = Array.from({ length: 6 }, (_, index) => ({ id: BigInt(index), body: new Uint8Array(3_000_000).fill(index) }));
    expect(await insertRows(connection.db, "bulk", { id: "bigint", body: "bytea" }, rows)).toEqual({ count: 6, rows: [] });
    const { rows: sizes } = await sql`select length(body) as size, get_byte(body, 2999999) as last from bulk order by id`.execute(
      connection.db,
    );
    expect(sizes).toEqual(rows.map((_, index) => ({ size: 3_000_000, last: index })));
  });

  test("a conflict is an error unless it is spoken of", async () => {
    await insertRows(connection.db, "bulk", columns, [{ id: 1n }]);
    await expect(insertRows(connection.db, "bulk", columns, [{ id: 1n }])).rejects.toMatchObject({ code: "23505" });
  });

  test("on conflict nothing keeps what is there and answers the new rows only", async () => {
    await insertRows(connection.db, "bulk", columns, [{ id: 1n, label: "old" }]);
    const rows = [
      { id: 1n, label: "new" },
      { id: 2n, label: "new" },
      { id: 2n, label: "twin" },
    ];
    const result = await insertRows(connection.db, "bulk", { id: "bigint", label: "text" }, rows, {
      onConflict: "nothing",
      returning: ["id", "label"],
    });
    expect(result).toEqual({ count: 1, rows: [{ id: 2n, label: "new" }] });
    expect(await readAll()).toMatchObject([
      { id: 1n, label: "old" },
      { id: 2n, label: "new" },
    ]);
  });

  test("an upsert replaces the named columns only, and only where the condition holds", async () => {
    await insertRows(connection.db, "bulk", columns, [
      { id: 1n, label: "old", at: 1000, level: 1 },
      { id: 2n, label: "old", at: 3000, level: 2 },
    ]);
    const rows = [1n, 2n, 3n].map((id) => ({ id, label: "new", at: 2000, level: 9 }));
    const result = await insertRows(
      connection.db,
      "bulk",
      { id: "bigint", label: "text", at: "timestamptz", level: "double precision" },
      rows,
      {
        onConflict: { columns: ["id"], update: ["label", "at"], where: sql`excluded.at > bulk.at` },
        returning: ["id"],
      },
    );
    expect(result).toEqual({ count: 2, rows: [{ id: 1n }, { id: 3n }] });
    expect(await readAll()).toMatchObject([
      { id: 1n, label: "new", at: 2000, level: 1 },
      { id: 2n, label: "old", at: 3000, level: 2 },
      { id: 3n, label: "new", at: 2000, level: 9 },
    ]);
  });
});
