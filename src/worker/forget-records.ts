import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { noteChangedHours } from "../store/changed-hour.ts";
import { settleStandings } from "../store/settle-standing.ts";
import { anyOf } from "./any-of.ts";
import { queuePatients } from "./dirty-patients.ts";
import { activities } from "../domain/activity.ts";
import { findStarts } from "./find-starts.ts";
import { removeEvents } from "./remove-events.ts";

/** Takes back all that was concluded from records of which no version can be used any more. */
export async function forgetRecords(db: Kysely<Database>, siteId: number, keys: readonly bigint[]): Promise<void> {
  const held = await db
    .selectFrom("record")
    .select(["resource_key", "event_patients", "events_from", "events_to"])
    .where("resource_key", "=", anyOf(keys))
    .where("events_from", "is not", null)
    .execute();
  const removed = held.length === 0 ? [] : await removeEvents(db, held);
  await queuePatients(db, siteId, await findStarts(db, removed, new Set(activities)));
  await noteChangedHours(db, siteId, removed);
  const said = [
    ["link", "source_key"],
    ["alias", "said_by"],
    ["person_tie", "said_by"],
    ["person", "resource_key"],
    ["role_organisation", "resource_key"],
    ["record", "resource_key"],
  ] as const;
  const persons = await db.selectFrom("person").select("person_key").distinct().where("resource_key", "=", anyOf(keys)).execute();
  for (const [table, column] of said) await sql`delete from ${sql.table(table)} where ${sql.ref(column)} = ${anyOf(keys)}`.execute(db);
  await settleStandings(db, siteId, { subjects: keys, patients: [...keys, ...persons.map((row) => row.person_key)] });
}
