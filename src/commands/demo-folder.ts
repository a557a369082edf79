import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { acquireLock } from "../db/lock-file.ts";
import { UserError } from "../domain/user-error.ts";

/**
 * An empty data folder for the demo: `FOLLOWTHROUGH_DATA/demo`, whose database is replaced, else a temporary folder,
 * which stays so that more commands can be tried on it.
 * @throws UserError `embedded-database-held` where another process uses it
 */
export async function emptyDemoFolder(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const data = env["FOLLOWTHROUGH_DATA"]?.trim() ?? "";
  if (data === "") return makeTemporary();
  const folder = join(resolve(data), "demo");
  if (!existsSync(join(folder, "database"))) return folder;
  const lock = await acquireLock(join(folder, "database.lock"));
  try {
    rmSync(join(folder, "database"), { recursive: true, force: true });
  } finally {
    await lock.release();
  }
  return folder;
}

function makeTemporary(): string {
  try {
    return mkdtempSync(join(tmpdir(), "followthrough-demo-"));
  } catch (cause) {
    throw new UserError(
      "data-folder-unusable",
      `No folder can be made in ${tmpdir()}.`,
      "Set FOLLOWTHROUGH_DATA to a folder that this user may write to: the demo is then made in it.",
      { cause },
    );
  }
}
