import { sql, type Kysely } from "kysely";
import { insertRows } from "../db/bulk-write.ts";
import { BinaryRows } from "../db/binary-rows.ts";
import { copyWritten } from "../db/copy-rows.ts";
import type { Database } from "../db/schema.ts";
import { together } from "../db/together.ts";
import type { EventRow } from "./place-events.ts";
import { eventColumns } from "./related-record.ts";

const uniqueViolation = "23505";

/**
 * Adds the care events of records that were not held, within a transaction. They are new, and copied in, but for those of records
 * that have expired while their month has not: such a record may be read again, and says what it said.
 */
export async function addEvents(db: Kysely<Database>, rows: readonly EventRow[]): Promise<void> {
  const data = new BinaryRows(eventColumns);
  for (const row of rows) data.add(row);
  await addWritten(db, data, () => rows);
}

/** The same of what has been written down, and can be told once more. */
export async function addWritten(db: Kysely<Database>, data: BinaryRows, again: () => readonly EventRow[]): Promise<void> {
  if (data.count === 0) return;
  const release = (): Promise<unknown> => sql`release savepoint adding_events`.execute(db);
  try {
    await together([sql`savepoint adding_events`.execute(db), copyWritten(db, "care_event", data), release()]);
  } catch (error) {
    if ((error as { code?: string }).code !== uniqueViolation) throw error;
    await sql`rollback to savepoint adding_events`.execute(db);
    await insertRows(db, "care_event", eventColumns, again(), { onConflict: "nothing" });
    await release();
  }
}
