import type { Config } from "../config/config.ts";
import { loadConfig, siteConfig } from "../config/load-config.ts";
import { connect, type Connection } from "../db/connect.ts";
import { migrate, migrationsFolder } from "../db/migrate.ts";
import type { Instant } from "../domain/instant.ts";
import { readMapping } from "../normalise/read-mapping.ts";
import { settingProblems } from "../signals/setting-problems.ts";
import { readSiteCatalogue } from "../signals/site-catalogue.ts";
import { settleOldLoops } from "../store/settle-standing.ts";

/** What only the process has: `main.ts` passes the real ones. */
export interface ProcessParts {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: () => Instant;
  readonly makeId: () => string;
  /** From 0 to less than 1. */
  readonly random: () => number;
  /** Writes to standard output, and ends the last line where the text does not. */
  readonly out: (text: string) => void;
  /** The same, to standard error. */
  readonly err: (text: string) => void;
  /** Whether a person watches standard error: then a progress bar is shown. */
  readonly isTerminal: boolean;
  readonly setExitCode: (code: number) => void;
  /** For what runs until it is told to stop: `stop` is called then, before the database is let go of. */
  readonly onStop: (stop: () => Promise<void>) => void;
}

/** What a command is given to do its work with. */
export interface Runtime extends ProcessParts {
  /** The configured database, brought up to date. Who opens it closes it: better, use `withDatabase`. */
  readonly openDatabase: (options?: OpenOptions) => Promise<Connection>;
  /** Checked against the signals of the catalogue, with the mapping files that it names. */
  readonly loadConfig: () => Config;
}

interface OpenOptions {
  /** The embedded database of this folder, whatever is configured. */
  readonly dataDir?: string;
  /** Hears which migrations were applied. */
  readonly onMigrated?: (applied: readonly string[]) => void;
}

export function makeRuntime(parts: ProcessParts, open: typeof connect = connect): Runtime {
  let config: Config | undefined;
  const load = (): Config => (config ??= loadChecked(parts.env));
  const openDatabase = async ({ dataDir, onMigrated }: OpenOptions = {}): Promise<Connection> => {
    const connection = await open(dataDir === undefined ? { databaseUrl: load().databaseUrl, dataDir: load().dataFolder } : { dataDir });
    try {
      const { applied } = await migrate(connection.db, migrationsFolder);
      await settleOldLoops(connection.db);
      onMigrated?.(applied);
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  };
  return { ...parts, loadConfig: load, openDatabase };
}

function loadChecked(env: ProcessParts["env"]): Config {
  const config = loadConfig({ env, checkSignals: settingProblems });
  // Each scan reads them again, so that a change needs no restart; a mistake is told now.
  const sites = config.allSites === undefined ? config.sites : [...config.sites, siteConfig(config, "default")];
  for (const site of sites) {
    readMapping(site.mapping);
    readSiteCatalogue(site);
  }
  return config;
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
