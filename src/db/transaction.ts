import { PostgresDialect, Transaction, type Kysely } from "kysely";
import type { Database } from "./schema.ts";

/**
 * Runs `work` in a transaction: the caller's, where `db` already is one, else a new one, committed when `work` ends
 * and rolled back when it throws. Inside, use only the `db` that `work` is given: the embedded database has one
 * connection, so that a query on the outer one waits for the transaction that waits for it.
 */
export function withTransaction<T>(db: Kysely<Database>, work: (db: Kysely<Database>) => Promise<T>): Promise<T> {
  return db.isTransaction ? work(db) : db.transaction().execute((transaction) => withoutQueue(transaction, work));
}

const dialect = new PostgresDialect({ pool: () => Promise.reject(new Error("A transaction has its connection.")) });

/**
 * kysely sends no statement of a transaction before the answer to the one before has come, and has been heard by us, who may be busy.
 * Connections keep their statements in order by themselves, and send them behind one another where the server takes them so.
 */
function withoutQueue<T>(transaction: Transaction<Database>, work: (db: Kysely<Database>) => Promise<T>): Promise<T> {
  const queued = transaction.getExecutor();
  return queued.provideConnection((connection) => {
    const executor = queued.withConnectionProvider({ provideConnection: (consumer) => consumer(connection) });
    return work(new Transaction<Database>({ config: { dialect }, dialect, driver: dialect.createDriver(), executor }));
  });
}
