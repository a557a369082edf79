import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertRows } from "../../src/db/bulk-write.ts";
import { keysInBytes } from "../../src/db/array-text.ts";
import type { Connection } from "../../src/db/connect.ts";
import { scratchDatabase } from "./scratch-database.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
  await sql`create table keyed (place integer primary key, key bigint, said text)`.execute(connection.db);
});
afterAll(() => connection.close());

const key = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

describe("arrays as parameters", () => {
  test("keys arrive as they were given, in bytes or as text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(key), { maxLength: 40 }), async (keys) => {
        const { rows } = await sql<{ keys: (bigint | null)[] }>`select ${keys}::bigint[] as keys`.execute(connection.db);
        expect(rows).toEqual([{ keys }]);
      }),
      { numRuns: 50 },
    );
  });

  test("only what holds keys alone, and one at least, is given in bytes", () => {
    expect(keysInBytes([])).toBeUndefined();
    expect(keysInBytes([null])).toBeUndefined();
    expect(keysInBytes([1n, "2"])).toBeUndefined();
    expect(keysInBytes([1])).toBeUndefined();
    expect(keysInBytes([null, 1n])?.length).toBe(20 + 4 + 12);
  });

  test("rows are inserted with keys that are there, that are not, and that are numbers", async () => {
    const given = [
      { place: 1, key: -(2n ** 63n), said: 5n },
      { place: 2, key: undefined, said: "{NULL}" },
      { place: 3, key: 7, said: null },
    ];
    const columns = { place: "integer", key: "bigint", said: "text" };
    await insertRows(connection.db, "keyed", columns, given);
    await insertRows(connection.db, "keyed", columns, [{ place: 4 }, { place: 5 }]);
    const { rows } = await sql`select place, key, said from keyed order by place`.execute(connection.db);
    expect(rows).toEqual([
      { place: 1, key: -(2n ** 63n), said: "5" },
      { place: 2, key: null, said: "{NULL}" },
      { place: 3, key: 7n, said: null },
      { place: 4, key: null, said: null },
      { place: 5, key: null, said: null },
    ]);
  });
});
