import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { acquireLock } from "../../src/db/lock-file.ts";
import { describeSelf } from "../../src/db/lock-owner.ts";
import type { LockOwner } from "../../src/db/lock-owner.ts";
import { scratchFolder } from "./scratch-folder.ts";

let folder: string;
let lockPath: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "followthrough-test-"));
  lockPath = join(folder, "database.lock");
});
afterEach(async () => {
  for (const child of children.splice(0)) await kill(child);
  rmSync(folder, { recursive: true, force: true });
});

/** Starts one of the programs beside this test; answers the lines that it writes. */
function start(program: string, path: string): { child: ChildProcess; nextLine: () => Promise<string> } {
  const child = spawn(process.execPath, [fileURLToPath(new URL(program, import.meta.url)), path], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, nextLine: async () => String((await lines.next()).value) };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

function self(): LockOwner {
  return describeSelf("of-a-test");
}

function leaveLock(owner: LockOwner): void {
  writeFileSync(lockPath, JSON.stringify(owner));
}

async function outcome(wait?: (delayMs: number) => Promise<void>): Promise<string> {
  const lock = await acquireLock(lockPath, wait).catch((error: unknown) => error as { code: string });
  if ("code" in lock) return lock.code;
  await lock.release();
  return "taken";
}

describe("the embedded database's folder", () => {
  test("belongs to one process: a second is told who holds it; after SIGKILL it opens, with all that was committed", async () => {
    const { dataDir, remove } = await scratchFolder();
    const { child, nextLine } = start("hold-folder.ts", dataDir);
    let committed = Number(await nextLine());
    await expect(connect({ dataDir })).rejects.toMatchObject({
      name: "UserError",
      code: "embedded-database-held",
      message: expect.stringMatching(`in use by process ${child.pid} on .+, running since 20`) as string,
      fix: "Ask the running server instead, or stop that process, or set DATABASE_URL to use PostgreSQL, which many processes can share.",
    });
    while (committed < 20) committed = Number(await nextLine());
    await kill(child);
    const { db, close } = await connect({ dataDir });
    const { rows } = await sql<{ last: number; count: bigint }>`select max(number) as last, count(*) as count from kept`.execute(db);
    expect(rows[0]?.last).toBeGreaterThanOrEqual(committed);
    expect(rows[0]?.count).toBe(BigInt(rows[0]?.last ?? 0));
    await close();
    expect(existsSync(join(dataDir, "database.lock"))).toBe(false);
    await remove();
  });

  test("may be opened again by the same process, but not twice at once", async () => {
    const { dataDir, remove } = await scratchFolder();
    const first = await connect({ dataDir });
    await expect(connect({ dataDir })).rejects.toThrow("in use by this process itself");
    await first.close();
    const second = await connect({ dataDir });
    await second.close();
    await remove();
  });
});

describe("a lock", () => {
  test("left by a killed process goes to exactly one of those who race for it", async () => {
    const { child, nextLine } = start("take-lock.ts", lockPath);
    expect(await nextLine()).toBe("taken");
    await kill(child);
    const rivals = Array.from({ length: 6 }, () => start("take-lock.ts", lockPath));
    const outcomes = await Promise.all(rivals.map((each) => each.nextLine()));
    expect(outcomes.sort()).toEqual([...Array<string>(5).fill("embedded-database-held"), "taken"]);
    for (const rival of rivals) {
      rival.child.stdin?.end();
      if (rival.child.exitCode === null) await once(rival.child, "exit");
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  test("is taken over by one of many in the same process", async () => {
    leaveLock({ ...self(), processStart: "1" });
    const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => acquireLock(lockPath)));
    const taken = attempts.filter((each) => each.status === "fulfilled");
    expect(taken.length).toBe(1);
    await taken[0]?.value.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("says who holds it", async () => {
    const lock = await acquireLock(lockPath);
    expect(JSON.parse(readFileSync(lockPath, "utf8"))).toEqual({ ...self(), token: expect.any(String) as string });
    await lock.release();
  });

  test.each<[string, Partial<LockOwner>, string]>([
    ["of a living process holds", {}, "embedded-database-held"],
    ["of a process that ended does not hold", { pid: 2 ** 30 }, "taken"],
    ["of a process whose number another has now does not hold", { processStart: "1" }, "taken"],
    ["from before this machine started again does not hold", { boot: "another" }, "taken"],
    ["of another machine holds, for nothing can be known of it", { boot: "another", host: "elsewhere.example" }, "embedded-database-held"],
  ])("%s", async (_name, change, expected) => {
    leaveLock({ ...self(), ...change });
    expect(await outcome()).toBe(expected);
  });

  test("of another container holds while its heart beats", async () => {
    leaveLock({ ...self(), pidSpace: "another", host: "another-container" });
    const beat = (): Promise<void> => {
      utimesSync(lockPath, 7, 7);
      return Promise.resolve();
    };
    expect(await outcome(beat)).toBe("embedded-database-held");
  });

  test("of another container, or of this one before it was started again, does not hold once its heart has stopped", async () => {
    leaveLock({ ...self(), pidSpace: "another" });
    const waits: number[] = [];
    const silence = (delayMs: number): Promise<void> => {
      waits.push(delayMs);
      return Promise.resolve();
    };
    expect(await outcome(silence)).toBe("taken");
    expect(waits).toEqual([15_000]);
  });

  test("of another machine names the file to delete", async () => {
    leaveLock({ ...self(), boot: "another", host: "elsewhere.example" });
    await expect(acquireLock(lockPath)).rejects.toMatchObject({
      fix: expect.stringMatching(`If elsewhere.example no longer runs it, delete ${lockPath}.$`) as string,
    });
  });

  test("that lost its content when the machine went down does not hold", async () => {
    writeFileSync(lockPath, "");
    expect(await outcome()).toBe("taken");
  });

  test("whose taking over was itself cut short is taken over all the same", async () => {
    leaveLock({ ...self(), processStart: "1" });
    writeFileSync(`${lockPath}.takeover`, JSON.stringify({ ...self(), processStart: "2", token: "also-dead" }));
    expect(await outcome()).toBe("taken");
    expect(readdirSync(folder)).toEqual([]);
  });
});
