import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { loadConfig } from "../config/load-config.ts";
import { connect, type Connection } from "../db/connect.ts";
import { migrate } from "../db/migrate.ts";
import type { Instant } from "../domain/instant.ts";
import { readCatalogue } from "../signals/catalogue.ts";

/** What only the process has: `main.ts` passes the real ones. */
export interface ProcessParts {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: () => Instant;
  readonly makeId: () => string;
  /** Writes to standard output, and ends the last line where the text does not. */
  readonly out: (text: string) => void;
  /** The same, to standard error. */
  readonly err: (text: string) => void;
  /** Whether a person watches standard error: then a progress bar is shown. */
  readonly isTerminal: boolean;
  readonly setExitCode: (code: number) => void;
}

/** What a command is given to do its work with. */
export interface Runtime extends ProcessParts {
  /** The configured database as it is; or the embedded one of another folder. */
  readonly connect: (dataDir?: string) => Promise<Connection>;
  /** The configured database, migrated. Who opens it closes it: better, use `withDatabase`. */
  readonly openDatabase: () => Promise<Connection>;
  /** Checked against the signals of the catalogue. */
  readonly loadConfig: () => Config;
}

export const migrationsFolder = join(import.meta.dirname, "../../sql");

export function makeRuntime(parts: ProcessParts, open: typeof connect = connect): Runtime {
  let config: Config | undefined;
  const load = (): Config => (config ??= loadConfig({ env: parts.env, signalIds: readCatalogue().map(({ signal }) => signal.id) }));
  const connectTo = (dataDir?: string): Promise<Connection> =>
    open(dataDir === undefined ? { databaseUrl: load().databaseUrl, dataDir: load().dataFolder } : { dataDir });
  return { ...parts, loadConfig: load, connect: connectTo, openDatabase: async () => migrated(await connectTo()) };
}

export async function migrated(connection: Connection): Promise<Connection> {
  try {
    await migrate(connection.db, migrationsFolder);
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Opens the database for the time of `work`. */
export async function withDatabase<T>(runtime: Pick<Runtime, "openDatabase">, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await runtime.openDatabase();
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}
