import { constants } from "node:fs";
import { cp, mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connect } from "../../src/db/connect.ts";
import { migrate } from "../../src/db/migrate.ts";
import { hashMigrations, sqlFolder } from "./migrations-hash.ts";

const cache = fileURLToPath(new URL("../../node_modules/.cache/followthrough", import.meta.url));

/** A data folder of its own with a migrated embedded database: a copy of one made once for each state of `sql/`. */
export async function scratchFolder(): Promise<{ dataDir: string; remove: () => Promise<void> }> {
  const template = await findTemplate();
  const dataDir = await mkdtemp(join(tmpdir(), "followthrough-test-"));
  await cp(template, dataDir, { recursive: true, mode: constants.COPYFILE_FICLONE });
  return { dataDir, remove: () => rm(dataDir, { recursive: true, force: true }) };
}

async function findTemplate(): Promise<string> {
  const template = join(cache, `embedded-${hashMigrations()}`);
  if (await isThere(template)) return template;
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, "draft-"));
  const { db, close } = await connect({ dataDir: draft });
  try {
    await migrate(db, sqlFolder);
  } finally {
    await close();
  }
  try {
    await rename(draft, template);
  } catch (error) {
    // Another test process was first; its template is as good.
    if (!(await isThere(template))) throw error;
    await rm(draft, { recursive: true, force: true });
  }
  return template;
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
