import { randomBytes } from "node:crypto";
import { CompiledQuery, sql } from "kysely";
import type { Kysely } from "kysely";
import { connect } from "../../src/db/connect.ts";
import { migrate } from "../../src/db/migrate.ts";
import type { Database } from "../../src/db/schema.ts";
import { hashMigrations, sqlFolder } from "./migrations-hash.ts";

/** Any number: the right to make the template, among test processes on one server. */
const templateLock = 4_711_030_622n;

/** A new database on that server, cloned from a template made once for each state of `sql/`. The user needs CREATEDB. */
export async function createScratchPostgres(serverUrl: string): Promise<{ databaseUrl: string; remove: () => Promise<void> }> {
  const template = `followthrough_template_${hashMigrations()}`;
  await onServer(serverUrl, (db) => makeTemplate(db, serverUrl, template));
  const name = `followthrough_test_${randomBytes(6).toString("hex")}`;
  await onServer(serverUrl, (db) => run(db, `create database ${name} template ${template}`));
  return {
    databaseUrl: withDatabase(serverUrl, name),
    remove: () => onServer(serverUrl, (db) => run(db, `drop database if exists ${name} with (force)`)),
  };
}

/** Made under another name and renamed when complete, so that an interrupted one is never used. */
async function makeTemplate(db: Kysely<Database>, serverUrl: string, template: string): Promise<void> {
  await sql`select pg_advisory_lock(${templateLock}::bigint)`.execute(db);
  try {
    const { rows } = await sql`select 1 from pg_database where datname = ${template}`.execute(db);
    if (rows.length > 0) return;
    const draft = `${template}_draft`;
    await run(db, `drop database if exists ${draft} with (force)`);
    await run(db, `create database ${draft}`);
    await onServer(withDatabase(serverUrl, draft), (draftDb) => migrate(draftDb, sqlFolder));
    await run(db, `alter database ${draft} rename to ${template}`);
  } finally {
    await sql`select pg_advisory_unlock(${templateLock}::bigint)`.execute(db);
  }
}

/** On one connection from beginning to end, for the lock belongs to its session. */
async function onServer<T>(databaseUrl: string, work: (db: Kysely<Database>) => Promise<T>): Promise<T> {
  const { db, close } = await connect({ databaseUrl, dataDir: "memory:" });
  try {
    return await db.connection().execute(work);
  } finally {
    await close();
  }
}

async function run(db: Kysely<Database>, statement: string): Promise<void> {
  await db.executeQuery(CompiledQuery.raw(statement));
}

function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
