import { CompiledQuery, Kysely, PostgresDialect } from "kysely";
import { setBeside } from "./beside.ts";
import { besideOf, withCopy } from "./copying-pool.ts";
import { openEmbedded } from "./embedded.ts";
import { openPostgres } from "./postgres.ts";
import type { Database } from "./schema.ts";

export interface Connection {
  readonly db: Kysely<Database>;
  readonly kind: "postgres" | "embedded";
  readonly close: () => Promise<void>;
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
  const dialect = new PostgresDialect({
    pool: copying,
    onCreateConnection: async (connection) => {
      await connection.executeQuery(CompiledQuery.raw(sameSession));
    },
  });
  const db = new Kysely<Database>({ dialect });
  if (!isPostgres) setBeside(db, new Kysely<Database>({ dialect: new PostgresDialect({ pool: besideOf(copying) }) }));
  return { db, kind: isPostgres ? "postgres" : "embedded", close };
}

/**
 * What SQL means and how values are written must not hang on how a server, role or database was configured. Nearly everything is
 * looked up by a thousand hashed keys, and PostgreSQL's own guess of what that costs is of turning disks: where nobody has said
 * otherwise it reads whole tables instead (measured: a fifth of its processor time for a first pull). And when it is told of a
 * table that has grown, a fifth of the rows that it would look at tells as much of keys, whose number is what matters (0.15 s of its
 * processor at the end of a first pull, against 0.97 s).
 */
const sameSession = `
  select set_config('TimeZone', 'UTC', false),
         set_config('DateStyle', 'ISO, YMD', false),
         set_config('bytea_output', 'hex', false),
         set_config('extra_float_digits', '1', false),
         set_config('random_page_cost', case current_setting('random_page_cost') when '4' then '1.1' else current_setting('random_page_cost') end, false),
         set_config('default_statistics_target', case current_setting('default_statistics_target') when '100' then '20' else current_setting('default_statistics_target') end, false)`;
