import pg from "pg";
import { UserError } from "../domain/user-error.ts";
import type { OpenPool } from "./embedded.ts";
import { prepareSession } from "./session.ts";
import { valueParsers } from "./value-parsers.ts";

const oldestMajor = 15;

/** Long enough for a busy pool and a sleepy network; short enough that a wrong address is told while someone looks. */
const connectTimeoutMs = 15_000;

const keepAliveMs = 60_000;

/** Opens a pool to PostgreSQL 15 or newer. A UserError where it cannot be reached or used; never with the password in it. */
export async function openPostgres(databaseUrl: string): Promise<OpenPool> {
  const place = describePlace(databaseUrl);
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    types: valueParsers,
    onConnect: prepareSession,
    max: 10,
    // What does not wait for another statement's answer is sent behind it.
    pipeline: true,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: "followthrough",
    // One that holds a site is idle for as long as that is worked on, and firewalls forget such.
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
  });
  // An idle connection that the server drops must not end the process: the next query opens another.
  pool.on("error", () => {});
  try {
    const { rows } = await pool.query<{ version: number }>("select current_setting('server_version_num')::integer as version");
    checkVersion(rows[0]?.version ?? 0, place);
  } catch (error) {
    await pool.end();
    throw error instanceof UserError ? error : explainFailure(error as Error & { code?: string }, place);
  }
  return {
    pool,
    close: async () => {
      if (!pool.ending) await pool.end();
    },
  };
}

/** Host, port and database, without user, password and options. */
function describePlace(databaseUrl: string): string {
  const url = URL.canParse(databaseUrl) ? new URL(databaseUrl) : undefined;
  const isPostgres = url?.protocol === "postgres:" || url?.protocol === "postgresql:";
  // An `@` but no user: the password holds a `/`, `?` or `#` as it stands, and part of it would pass for a host or path.
  if (url === undefined || !isPostgres || (databaseUrl.includes("@") && url.username === "")) {
    throw new UserError(
      "database-url-invalid",
      "DATABASE_URL is not the address of a PostgreSQL database.",
      "Write it as postgres://user:password@host:5432/database; a character such as / ? # @ % in the password must be percent-encoded (%2F %3F %23 %40 %25).",
    );
  }
  return `${url.hostname === "" ? "the local socket" : url.host}${url.pathname}`;
}

function checkVersion(version: number, place: string): void {
  const major = Math.floor(version / 10_000);
  if (major >= oldestMajor) return;
  throw new UserError(
    "database-too-old",
    `The PostgreSQL at ${place} is version ${major}; ${oldestMajor} or newer is needed.`,
    `Upgrade it, point DATABASE_URL at a PostgreSQL ${oldestMajor} or newer, or unset DATABASE_URL to use the embedded database.`,
  );
}

const unusable: Record<string, { readonly code: string; readonly fix: string }> = {
  "28P01": { code: "database-refused-login", fix: "Check user and password in DATABASE_URL." },
  "28000": { code: "database-refused-login", fix: "Check the user in DATABASE_URL, and the server's pg_hba.conf." },
  "3D000": { code: "database-missing", fix: "Make the database (createdb), or correct its name in DATABASE_URL." },
};

function explainFailure(error: Error & { code?: string }, place: string): UserError {
  const reason = [error.code, error.message].filter(Boolean).join(", ");
  const known = unusable[error.code ?? ""] ?? {
    code: "database-unreachable",
    fix: "Check that PostgreSQL runs there and that DATABASE_URL names it, or unset DATABASE_URL to use the embedded database.",
  };
  return new UserError(known.code, `The database at ${place} cannot be used (${reason}).`, known.fix, { cause: error });
}
