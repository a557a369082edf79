import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { acquireLock } from "../db/lock-file.ts";

/**
 * An empty data folder for the demo: `FOLLOWTHROUGH_DATA/demo`, whose database is replaced, else a temporary folder,
 * which stays so that more commands can be tried on it.
 * @throws UserError `embedded-database-held` where another process uses it
 */
export async function emptyDemoFolder(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const data = env["FOLLOWTHROUGH_DATA"]?.trim() ?? "";
  if (data === "") return mkdtempSync(join(tmpdir(), "followthrough-demo-"));
  const folder = join(resolve(data), "demo");
  mkdirSync(folder, { recursive: true });
  const lock = await acquireLock(join(folder, "database.lock"));
  try {
    rmSync(join(folder, "database"), { recursive: true, force: true });
  } finally {
    await lock.release();
  }
  return folder;
}
