import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import type { Connection } from "../../src/db/connect.ts";
import { UserError } from "../../src/domain/user-error.ts";
import { fakePostgres, oneInteger, refusal, settings, welcome } from "./fake-postgres.ts";
import { scratchDatabase } from "./scratch-database.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());

async function select<T>(expression: ReturnType<typeof sql>): Promise<T> {
  const { rows } = await sql<{ value: T }>`select ${expression} as value`.execute(connection.db);
  return rows[0]?.value as T;
}

async function failureOf(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    () => "no failure",
    (error: unknown) => error,
  );
}

describe("values from either kind of database", () => {
  test.each([
    ["bigint", sql`9223372036854775807::bigint`, 9223372036854775807n],
    ["bigint[]", sql`array[1, null, -9223372036854775808]::bigint[]`, [1n, null, -9223372036854775808n]],
    ["empty bigint[]", sql`'{}'::bigint[]`, []],
    ["count(*)", sql`(select count(*) from generate_series(1, 3))`, 3n],
    ["integer", sql`7`, 7],
    ["numeric", sql`7.125::numeric`, 7.125],
    ["numeric[]", sql`array[7.1, null]::numeric[]`, [7.1, null]],
    ["double precision", sql`0.1::double precision + 0.2::double precision`, 0.30000000000000004],
    ["timestamptz", sql`'2026-03-02T09:00:00.123+02:00'::timestamptz`, Date.UTC(2026, 2, 2, 7, 0, 0, 123)],
    ["timestamptz with microseconds", sql`'2026-03-02T09:00:00.123999Z'::timestamptz`, Date.UTC(2026, 2, 2, 9, 0, 0, 123)],
    ["timestamptz with microseconds before 1970", sql`'1969-12-31T23:59:59.9991Z'::timestamptz`, -1],
    ["timestamptz[]", sql`array['infinity', null, '1970-01-01T00:00:01Z']::timestamptz[]`, [Infinity, null, 1000]],
    ["infinity", sql`'infinity'::timestamptz`, Infinity],
    ["-infinity", sql`'-infinity'::timestamptz`, -Infinity],
    ["date", sql`'2026-03-29'::date`, "2026-03-29"],
    ["jsonb", sql`'{"a":[1,{"b":null}]}'::jsonb`, { a: [1, { b: null }] }],
    ["bytea", sql`'\\x00ff10'::bytea`, new Uint8Array([0, 255, 16])],
    ["text[]", sql`array['a,b', 'say "so"', 'back\\slash', null]`, ["a,b", 'say "so"', "back\\slash", null]],
    ["boolean", sql`true`, true],
    ["null", sql`null::bigint`, null],
  ])("%s", async (_name, expression, expected) => {
    expect(await select(expression)).toStrictEqual(expected);
  });

  test("parameters may be BigInt, Date, bytes, text and lists", async () => {
    const { rows } =
      await sql`select ${2n ** 62n}::bigint as big, ${new Date(1500)}::timestamptz as at, ${new Uint8Array([1, 254])}::bytea as bytes,
      ${"naïve 🫀"}::text as text, ${[1n, 2n]}::bigint[] as bigs, ${true}::boolean as yes`.execute(connection.db);
    expect(rows).toStrictEqual([
      { big: 2n ** 62n, at: 1500, bytes: new Uint8Array([1, 254]), text: "naïve 🫀", bigs: [1n, 2n], yes: true },
    ]);
  });

  test("every connection works in UTC, whatever the server's own zone", async () => {
    expect(await select(sql`date_trunc('month', '2026-03-31T23:30:00Z'::timestamptz)`)).toBe(Date.UTC(2026, 2, 1));
  });

  test("an error keeps its SQLSTATE and its message, and the connection goes on", async () => {
    const error = await failureOf(sql`select * from no_such_table`.execute(connection.db));
    expect(error).toMatchObject({ code: "42P01", message: 'relation "no_such_table" does not exist' });
    expect(await select(sql`1`)).toBe(1);
  });
});

describe("a database that cannot be used", () => {
  test("nobody listens: the error names the place, never user or password", async () => {
    const listener = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => listener.once("listening", resolve));
    const { port } = listener.address() as AddressInfo;
    await new Promise((resolve) => listener.close(resolve));
    const error = await failureOf(
      connect({ databaseUrl: `postgres://anna:hush%2Fhush@127.0.0.1:${port}/epr?sslmode=disable`, dataDir: "unused" }),
    );
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({
      code: "database-unreachable",
      message: `The database at 127.0.0.1:${port}/epr cannot be used (ECONNREFUSED, connect ECONNREFUSED 127.0.0.1:${port}).`,
      fix: "Check that PostgreSQL runs there and that DATABASE_URL names it, or unset DATABASE_URL to use the embedded database.",
    });
  });

  test.each([
    "postgres://anna:12/hush@db.example:5432/epr",
    "postgres://anna:12?hush@db.example:5432/epr",
    "postgres://anna:12#hush@db.example:5432/epr",
    "postgres://anna:hush/hush@db.example/epr",
    "mysql://anna:hush@db.example/epr",
    "hush",
  ])("an address that cannot be read (%s) is not repeated", async (databaseUrl) => {
    const error = (await failureOf(connect({ databaseUrl, dataDir: "unused" }))) as UserError;
    expect(error).toMatchObject({
      name: "UserError",
      code: "database-url-invalid",
      message: "DATABASE_URL is not the address of a PostgreSQL database.",
    });
    expect(JSON.stringify([error.fix, String(error.cause)])).not.toContain("hush");
  });

  test.each([
    ["28P01", "database-refused-login", "Check user and password in DATABASE_URL."],
    ["28000", "database-refused-login", "Check the user in DATABASE_URL, and the server's pg_hba.conf."],
    ["3D000", "database-missing", "Make the database (createdb), or correct its name in DATABASE_URL."],
  ])("a server that refuses with %s: %s", async (sqlState, code, fix) => {
    const server = await fakePostgres([refusal(sqlState, "not you")]);
    const error = await failureOf(connect({ databaseUrl: server.url, dataDir: "unused" }));
    const message = `The database at ${server.place} cannot be used (${sqlState}, not you).`;
    expect(error).toMatchObject({ name: "UserError", code, message, fix });
    await server.close();
  });

  test("a PostgreSQL older than 15 is named with its version", async () => {
    const server = await fakePostgres([welcome, settings, oneInteger("version", 140_012)]);
    const error = await failureOf(connect({ databaseUrl: server.url, dataDir: "unused" }));
    const message = `The PostgreSQL at ${server.place} is version 14; 15 or newer is needed.`;
    expect(error).toMatchObject({ name: "UserError", code: "database-too-old", message });
    await server.close();
  });

  test("a data folder that cannot be made says so", async () => {
    const folder = mkdtempSync(join(tmpdir(), "followthrough-test-"));
    writeFileSync(join(folder, "file"), "");
    expect(await failureOf(connect({ dataDir: join(folder, "file", "data") }))).toMatchObject({
      name: "UserError",
      code: "data-folder-unusable",
    });
    rmSync(folder, { recursive: true });
  });
});
