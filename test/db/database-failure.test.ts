import { sql } from "kysely";
import pg from "pg";
import { expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { asDatabaseFailure } from "../../src/db/database-failure.ts";
import { UserError } from "../../src/domain/user-error.ts";
import { fakePostgres, oneInteger, refusal, settings, welcome } from "./fake-postgres.ts";

/** What is told of a query to which the server answers with an error. */
async function toldOf(state: string): Promise<unknown> {
  const server = await fakePostgres([welcome, settings, oneInteger("version", 150_001), refusal(state, "DETAIL of Anna Nowak")]);
  const { db, close } = await connect({ databaseUrl: server.url, dataDir: "unused" });
  const told = await sql`select 1`.execute(db).catch((error: unknown) => error);
  await close();
  await server.close();
  return told;
}

test.each([
  ["57P01", "database-lost", "The connection to the database was lost (57P01)."],
  ["57P03", "database-lost", "The connection to the database was lost (57P03)."],
  ["08006", "database-lost", "The connection to the database was lost (08006)."],
  ["53100", "database-full", "The database has no room left on its disk (53100)."],
  ["53200", "database-busy", "The database has no connection or no memory left for this (53200)."],
  ["53300", "database-busy", "The database has no connection or no memory left for this (53300)."],
  ["25006", "database-read-only", "The database takes nothing to be written (25006)."],
  ["42501", "database-forbids", "The database does not allow its user to do this (42501)."],
  ["57014", "database-cut-off", "The database broke off a statement (57014)."],
  ["58030", "database-damaged", "The database cannot read or write its own files (58030)."],
  ["XX001", "database-damaged", "The database cannot read or write its own files (XX001)."],
])("%s is told as %s, with what to do, and without the server's words", async (state, code, message) => {
  const told = await toldOf(state);
  expect(told).toBeInstanceOf(UserError);
  expect(told).toMatchObject({ code, message });
  expect((told as UserError).fix).toMatch(/^[A-Z].+\.$/);
  expect(`${(told as UserError).message} ${(told as UserError).fix}`).not.toContain("Anna");
});

test.each(["23505", "25P02", "42P01", "55P03"])(
  "%s is left as it is: who asked knows what to make of it, or it is a defect",
  async (state) => {
    expect(await toldOf(state)).toMatchObject({ name: "error", code: state });
  },
);

test("where all connections are in use for too long, it is busy, not lost", async () => {
  const server = await fakePostgres([welcome]);
  const pool = new pg.Pool({ connectionString: server.url, max: 1, connectionTimeoutMillis: 50 });
  const first = await pool.connect();
  const second: unknown = await pool.connect().catch((error: unknown) => error);
  expect(asDatabaseFailure(second)).toMatchObject({
    code: "database-busy",
    message: "The database was busy with what this process had asked for before.",
  });
  first.release();
  await pool.end();
  await server.close();
});

test("a connection that ends without a word is lost too; what we did wrong ourselves is not", () => {
  const lost = { code: "database-lost", message: "The connection to the database was lost." };
  expect(asDatabaseFailure(new Error("Connection terminated unexpectedly"))).toMatchObject(lost);
  expect(asDatabaseFailure(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }))).toMatchObject({
    message: "The connection to the database was lost (ECONNRESET).",
  });
  expect(asDatabaseFailure(new TypeError("A number was given for a column of type text."))).toBeUndefined();
  // A program's own error with a code that looks like one of the database's.
  expect(asDatabaseFailure(Object.assign(new Error("no"), { code: "53100" }))).toBeUndefined();
  expect(asDatabaseFailure("57P01")).toBeUndefined();
});
