import { sql } from "kysely";
import type { Connection } from "../db/connect.ts";

/** How much a PostgreSQL holds, and how much of it it keeps in memory of its own; bytes. */
export interface DatabaseMemory {
  readonly bytes: number;
  /** `shared_buffers`. */
  readonly sharedBuffers: number;
}

/** Undefined of the embedded database, whose memory is ours to set. */
export async function readDatabaseMemory({ db, kind }: Connection): Promise<DatabaseMemory | undefined> {
  if (kind === "embedded") return undefined;
  const { rows } = await sql<DatabaseMemory>`select pg_database_size(current_database())::float8 as bytes,
    pg_size_bytes(current_setting('shared_buffers'))::float8 as "sharedBuffers"`.execute(db);
  return rows[0];
}
