import { sql, type Kysely } from "kysely";
import { insertRows } from "../db/bulk-write.ts";
import { copyRows } from "../db/copy-rows.ts";
import type { Database } from "../db/schema.ts";
import type { EventRow } from "./place-events.ts";
import { eventColumns } from "./related-record.ts";

const uniqueViolation = "23505";

/**
 * Adds the care events of records that were not held, within a transaction. They are new, and copied in, but for those of records
 * that have expired while their month has not: such a record may be read again, and says what it said.
 */
export async function addEvents(db: Kysely<Database>, rows: readonly EventRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`savepoint adding_events`.execute(db);
  try {
    await copyRows(db, "care_event", eventColumns, rows);
  } catch (error) {
    if ((error as { code?: string }).code !== uniqueViolation) throw error;
    await sql`rollback to savepoint adding_events`.execute(db);
    await insertRows(db, "care_event", eventColumns, rows, { onConflict: "nothing" });
  }
  await sql`release savepoint adding_events`.execute(db);
}
