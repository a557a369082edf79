import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import type { Kysely, Transaction } from "kysely";
import { UserError } from "../domain/user-error.ts";
import type { Database } from "./schema.ts";

/** The migrations of this version. */
export const migrationsFolder = join(import.meta.dirname, "../../sql");

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly text: string;
  readonly sha256: string;
}

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly sha256: string;
}

/** Any number that nothing else locks in the same database. */
const migrationLock = 4_711_030_621n;

/**
 * Applies the numbered files of `folder` (`0001-name.sql` …) that the database does not have yet, each in a
 * transaction of its own; answers their names. Processes that migrate at once take turns. A UserError where a file
 * applied earlier has changed since, or the database has one that the folder lacks.
 */
export async function migrate(db: Kysely<Database>, folder: string): Promise<{ applied: string[] }> {
  const migrations = readMigrations(folder);
  const applied: string[] = [];
  for (;;) {
    const name = await db.transaction().execute((trx) => applyNext(trx, migrations));
    if (name === undefined) return { applied };
    applied.push(name);
  }
}

/** Whether the database has exactly the migrations of `folder`; changes nothing. */
export async function isMigrated(db: Kysely<Database>, folder: string): Promise<boolean> {
  const { rows: there } = await sql<{ is: boolean }>`select to_regclass('migration') is not null as is`.execute(db);
  if (there[0]?.is !== true) return false;
  const { rows } = await sql<Applied>`select number, name, sha256 from migration order by number`.execute(db);
  const summaryOf = (migrations: readonly Applied[]): string => migrations.map(({ number, sha256 }) => `${number} ${sha256}`).join();
  return summaryOf(rows) === summaryOf(readMigrations(folder));
}

/** The files in order of their numbers; others in the folder (the Citus distribution, the whole schema) are passed over. */
function readMigrations(folder: string): Migration[] {
  const names = readdirSync(folder).filter((name) => /^\d{4}-.*\.sql$/.test(name));
  const migrations = names.sort().map((name) => {
    // A checkout with Windows line ends is the same migration.
    const text = readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n");
    return { number: Number(name.slice(0, 4)), name, text, sha256: createHash("sha256").update(text).digest("hex") };
  });
  const twin = migrations.find((each, index) => each.number === migrations[index - 1]?.number);
  if (twin !== undefined) throw new Error(`Two migrations in ${folder} have the number of ${twin.name}.`);
  return migrations;
}

/** The name of the migration applied, or undefined where none is left. */
async function applyNext(trx: Transaction<Database>, migrations: readonly Migration[]): Promise<string | undefined> {
  await sql`select pg_advisory_xact_lock(${migrationLock}::bigint)`.execute(trx);
  await sql`create table if not exists migration (
    number integer primary key, name text not null, sha256 text not null, applied_at timestamptz not null)`.execute(trx);
  const { rows: done } = await sql<Applied>`select number, name, sha256 from migration order by number`.execute(trx);
  checkApplied(done, migrations);
  const next = migrations.find((each) => !done.some((other) => other.number === each.number));
  if (next === undefined) return undefined;
  try {
    await sql.raw(next.text).execute(trx);
  } catch (error) {
    throw new Error(`Migration ${next.name} failed: ${(error as Error).message}`, { cause: error });
  }
  await sql`insert into migration (number, name, sha256, applied_at)
    values (${next.number}, ${next.name}, ${next.sha256}, now())`.execute(trx);
  return next.name;
}

function checkApplied(done: readonly Applied[], migrations: readonly Migration[]): void {
  for (const { number, name, sha256 } of done) {
    const file = migrations.find((each) => each.number === number);
    if (file === undefined) {
      throw new UserError(
        "database-newer",
        `The database has migration ${name}, which this version of followthrough does not know.`,
        "Run the version that made it or a newer one, or restore a copy of the database from before.",
      );
    }
    if (file.sha256 !== sha256) {
      throw new UserError(
        "migration-changed",
        `Migration ${file.name} is not the one (${name}) that the database was made with.`,
        "Put the file back as it was and write the change as a new migration.",
      );
    }
  }
}
