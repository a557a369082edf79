import type { Kysely } from "kysely";
import type { Database } from "./schema.ts";

/**
 * Runs `work` in a transaction: the caller's, where `db` already is one, else a new one, committed when `work` ends
 * and rolled back when it throws. Inside, use only the `db` that `work` is given: the embedded database has one
 * connection, so that a query on the outer one waits for the transaction that waits for it.
 */
export function withTransaction<T>(db: Kysely<Database>, work: (db: Kysely<Database>) => Promise<T>): Promise<T> {
  return db.isTransaction ? work(db) : db.transaction().execute(work);
}
