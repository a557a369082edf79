import { mkdirSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { UserError } from "../domain/user-error.ts";
import { startEngine } from "./embedded-engine.ts";
import { EmbeddedSocket } from "./embedded-socket.ts";
import { acquireLock } from "./lock-file.ts";
import { prepareSession } from "./session.ts";
import { valueParsers } from "./value-parsers.ts";

/** A data folder of this name keeps the database in memory: for what need not outlive the process. */
const inMemory = "memory:";

/** An open pool of either kind, and how to let go of all that it holds. */
export interface OpenPool {
  readonly pool: pg.Pool;
  readonly close: () => Promise<void>;
}

/** Opens, or makes, the embedded database of a data folder, which belongs to this process until it is closed. */
export async function openEmbedded(dataDir: string): Promise<OpenPool> {
  if (dataDir === inMemory) return openFolder(undefined);
  makeFolder(dataDir);
  const lock = await acquireLock(join(dataDir, "database.lock"));
  try {
    const { pool, close } = await openFolder(join(dataDir, "database"));
    return { pool, close: () => close().finally(lock.release) };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openFolder(folder: string | undefined): Promise<OpenPool> {
  const engine = await startEngine(folder).catch((error: unknown) => {
    throw folder === undefined ? error : unusableError(folder, error as Error);
  });
  const pool = new pg.Pool({
    stream: () => new EmbeddedSocket(engine),
    user: "postgres",
    database: "postgres",
    types: valueParsers,
    onConnect: prepareSession,
    // One connection, so that what runs outside a transaction waits, first come first served, and never joins in.
    max: 1,
    pipeline: true,
    idleTimeoutMillis: 0,
  });
  // An idle client that fails is dropped by the pool; the next query says what is wrong.
  pool.on("error", () => {});
  return {
    pool,
    close: async () => {
      if (!pool.ending) await pool.end();
      await engine.close();
    },
  };
}

function unusableError(folder: string, cause: Error): UserError {
  return new UserError(
    "embedded-database-unusable",
    `The embedded database in ${folder} cannot be opened. ${cause.message}`,
    `Restore ${folder} from a backup, or move it away and scan again; check that this user may write to it and that the disk is not full.`,
    { cause },
  );
}

function makeFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
  } catch (error) {
    throw new UserError(
      "data-folder-unusable",
      `The data folder ${dataDir} cannot be made (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
      "Set FOLLOWTHROUGH_DATA to a folder that this user may write to, or set DATABASE_URL to use PostgreSQL.",
      { cause: error },
    );
  }
}
