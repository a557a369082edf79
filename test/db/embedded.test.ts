import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Pool } from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openEmbedded } from "../../src/db/embedded.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "followthrough-test-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function read(pool: Pool, text: string): Promise<unknown[]> {
  return (await pool.query<Record<string, unknown>>(text)).rows;
}

describe("the embedded database in a folder", () => {
  test("is made where there is none, even after a making that was cut short, and is there again when opened again", async () => {
    mkdirSync(join(folder, "database.unfinished"));
    writeFileSync(join(folder, "database.unfinished", "PG_VERSION"), "18");
    const first = await openEmbedded(folder);
    await read(first.pool, "create table kept (id bigint); insert into kept values (1)");
    await first.close();
    const second = await openEmbedded(folder);
    expect(await read(second.pool, "select id from kept")).toEqual([{ id: 1n }]);
    await second.close();
    expect(existsSync(join(folder, "database.unfinished"))).toBe(false);
  });

  test("says so where it cannot be opened, and lets go of the folder", async () => {
    mkdirSync(join(folder, "database"));
    writeFileSync(join(folder, "database", "PG_VERSION"), "9.6");
    await expect(openEmbedded(folder)).rejects.toMatchObject({
      name: "UserError",
      code: "embedded-database-unusable",
      message: expect.stringMatching(/^The embedded database in .+database cannot be opened\. [^\n]+$/) as string,
    });
    expect(existsSync(join(folder, "database.lock"))).toBe(false);
  });
});

describe("the embedded database's thread", () => {
  test("leaves this one free while a statement runs", async () => {
    const { pool, close } = await openEmbedded("memory:");
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 5);
    const started = performance.now();
    await read(pool, "select count(*) from generate_series(1, 3000000)");
    const tookMs = performance.now() - started;
    clearInterval(timer);
    // A statement on this thread would leave no turn at all.
    expect(turns).toBeGreaterThan(tookMs / 50);
    await close();
  });

  test("takes and answers much at once, each its own, in order", async () => {
    const { pool, close } = await openEmbedded("memory:");
    const wide = "é".repeat(4_000_000);
    const { rows } = await pool.query<{ wide: string }>("select $1::text || '!' as wide", [wide]);
    expect(rows[0]?.wide === `${wide}!`).toBe(true);
    const answers = Array.from(
      { length: 200 },
      async (_, index) => (await pool.query<{ n: number }>("select $1::integer as n", [index])).rows,
    );
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 200 }, (_, index) => [{ n: index }]));
    await close();
  });

  test("forgets the transaction of a client that went away", async () => {
    const { pool, close } = await openEmbedded("memory:");
    await read(pool, "create table kept (id integer)");
    const client = await pool.connect();
    await client.query("begin; insert into kept values (1)");
    client.release(true);
    expect(await read(pool, "select id from kept")).toEqual([]);
    await close();
  });

  test("refuses what is asked of it once closed", async () => {
    const { pool, close } = await openEmbedded("memory:");
    await close();
    await expect(read(pool, "select 1")).rejects.toThrow("after calling end");
  });

  test("stays small however much SQL is parsed: its parser alone would be optimized with 600 MB", async () => {
    const program = fileURLToPath(new URL("parse-much.ts", import.meta.url));
    await (await openEmbedded(folder)).close();
    const child = spawn(process.execPath, [program, folder], { stdio: ["ignore", "pipe", "inherit"] });
    const said = child.stdout.toArray();
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(Number((await said).join(""))).toBeLessThan(500);
  });

  test("does not keep a process alive that forgot to close it", async () => {
    const program = fileURLToPath(new URL("forget-to-close.ts", import.meta.url));
    const child = spawn(process.execPath, [program], { stdio: ["ignore", "inherit", "inherit"] });
    expect(await once(child, "exit")).toEqual([0, null]);
  });
});
