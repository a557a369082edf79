import { Kysely, PostgresDialect } from "kysely";
import type { PoolClient } from "pg";
import { setBeside } from "./beside.ts";
import { besideOf, withCopy } from "./copying-pool.ts";
import { throwFailure } from "./database-failure.ts";
import { openEmbedded } from "./embedded.ts";
import { openPostgres } from "./postgres.ts";
import type { Database } from "./schema.ts";

export interface Connection {
  readonly db: Kysely<Database>;
  readonly kind: "postgres" | "embedded";
  readonly close: () => Promise<void>;
  /** A connection for oneself, until it is released. */
  readonly lease: () => Promise<PoolClient>;
}

/**
 * Opens PostgreSQL where there is a `databaseUrl`, else the embedded database in `dataDir` (`memory:` keeps nothing).
 * A UserError where it cannot be reached, is too old, or another process holds the folder.
 */
export async function connect(options: { databaseUrl?: string | undefined; dataDir: string }): Promise<Connection> {
  const { databaseUrl, dataDir } = options;
  const isPostgres = databaseUrl !== undefined && databaseUrl !== "";
  const { pool, close } = isPostgres ? await openPostgres(databaseUrl) : await openEmbedded(dataDir);
  const copying = withCopy(pool, { inTurn: !isPostgres });
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: copying }) });
  if (!isPostgres) setBeside(db, new Kysely<Database>({ dialect: new PostgresDialect({ pool: besideOf(copying) }) }));
  return { db, kind: isPostgres ? "postgres" : "embedded", close, lease: () => pool.connect().catch(throwFailure) };
}
