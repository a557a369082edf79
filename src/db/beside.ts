import type { Kysely } from "kysely";
import type { Database } from "./schema.ts";

const readers = new WeakMap<Kysely<Database>, Kysely<Database>>();

/** To be told of a database with one connection, and how it is asked beside a transaction that is open. */
export function setBeside(db: Kysely<Database>, beside: Kysely<Database>): void {
  readers.set(db, beside);
}

/**
 * For looking something up while a transaction of one's own is under way: what that has written may be seen, and need not. Where there is one
 * connection, it is looked up within the transaction, between its statements: otherwise each would wait until the other has
 * ended. What fails there makes the transaction fail.
 */
export function besideTransactions(db: Kysely<Database>): Kysely<Database> {
  return readers.get(db) ?? db;
}
