import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { migrate } from "../../src/db/migrate.ts";
import { scratchDatabase } from "./scratch-database.ts";

let connection: Connection;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "followthrough-test-"));
  connection = await scratchDatabase();
  // The project's own migrations out of the way: these tests bring theirs.
  await sql`drop table migration`.execute(connection.db);
});
afterEach(async () => {
  await connection.close();
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

async function recorded(): Promise<unknown[]> {
  return (await sql`select number, name from migration order by number`.execute(connection.db)).rows;
}

const twoStatements = "-- a comment; with a semicolon\ncreate table alpha (id bigint);\ncreate index alpha_by_id on alpha (id);\n";

test("numbered files are applied in order, once; other files are passed over", async () => {
  file("0002-fill.sql", "insert into alpha values (1), (2);\ninsert into alpha select id + 2 from alpha;");
  file("0001-alpha.sql", twoStatements);
  file("citus.sql", "this is not for everyone");
  file("README.md", "nor is this");
  expect(await migrate(connection.db, folder)).toEqual({ applied: ["0001-alpha.sql", "0002-fill.sql"] });
  expect(await migrate(connection.db, folder)).toEqual({ applied: [] });
  file("0003-more.sql", "insert into alpha values (9)");
  expect(await migrate(connection.db, folder)).toEqual({ applied: ["0003-more.sql"] });
  expect((await sql`select id from alpha order by id`.execute(connection.db)).rows).toEqual([1n, 2n, 3n, 4n, 9n].map((id) => ({ id })));
  expect(await recorded()).toEqual([
    { number: 1, name: "0001-alpha.sql" },
    { number: 2, name: "0002-fill.sql" },
    { number: 3, name: "0003-more.sql" },
  ]);
});

test("a file that fails leaves nothing of itself, keeps those before it, and is named", async () => {
  file("0001-alpha.sql", twoStatements);
  file("0002-broken.sql", "create table beta (id bigint);\ninsert into beta values ('x');");
  const failure = migrate(connection.db, folder);
  await expect(failure).rejects.toThrow('Migration 0002-broken.sql failed: invalid input syntax for type bigint: "x"');
  await expect(failure).rejects.toMatchObject({ cause: { code: "22P02" } });
  expect(await recorded()).toEqual([{ number: 1, name: "0001-alpha.sql" }]);
  expect((await sql`select to_regclass('beta')::text as beta`.execute(connection.db)).rows).toEqual([{ beta: null }]);
});

test("a file changed after it was applied is refused; other line ends are no change", async () => {
  file("0001-alpha.sql", twoStatements);
  await migrate(connection.db, folder);
  file("0001-alpha.sql", twoStatements.replaceAll("\n", "\r\n"));
  expect(await migrate(connection.db, folder)).toEqual({ applied: [] });
  file("0001-alpha.sql", twoStatements.replace("bigint", "integer"));
  await expect(migrate(connection.db, folder)).rejects.toMatchObject({ name: "UserError", code: "migration-changed" });
});

test("a database newer than the code is refused", async () => {
  file("0001-alpha.sql", twoStatements);
  file("0002-later.sql", "select 1");
  await migrate(connection.db, folder);
  rmSync(join(folder, "0002-later.sql"));
  await expect(migrate(connection.db, folder)).rejects.toMatchObject({
    name: "UserError",
    code: "database-newer",
    message: "The database has migration 0002-later.sql, which this version of followthrough does not know.",
  });
});

test("two files of one number are refused", async () => {
  file("0001-alpha.sql", twoStatements);
  file("0001-beta.sql", "select 1");
  await expect(migrate(connection.db, folder)).rejects.toThrow("0001-beta.sql");
});

test("several that migrate at once share the work: each file is applied once", async () => {
  const names = ["0001-a.sql", "0002-b.sql", "0003-c.sql", "0004-d.sql"];
  names.forEach((name, index) => {
    file(name, `create table t${index} (id bigint); select pg_sleep(0.01);`);
  });
  const results = await Promise.all([1, 2, 3, 4].map(() => migrate(connection.db, folder)));
  expect(results.flatMap(({ applied }) => applied).sort()).toEqual(names);
});
