import { sql, type Kysely } from "kysely";
import { insertRows } from "../db/bulk-write.ts";
import type { Database } from "../db/schema.ts";
import { lockStandings } from "../store/settle-standing.ts";
import { anyOf } from "./any-of.ts";
import { loopColumns, moveReviews } from "./replace-loops.ts";

/**
 * Moves the sealed findings of patients who turn out to be somebody else, or nobody else any more, to who they are: no scan judges them again.
 * By the patient that the record of each names, which is kept with its name. `persons`: who each of these patients is now.
 */
export async function moveSealed(db: Kysely<Database>, siteId: number, persons: ReadonlyMap<bigint, bigint>): Promise<void> {
  const records = await db
    .selectFrom("record")
    .select(["resource_key", "patient_ref"])
    .where("patient_ref", "=", anyOf([...persons.keys()]))
    .execute();
  const patientOf = new Map(records.map(({ resource_key, patient_ref }) => [resource_key, persons.get(patient_ref ?? 0n)]));
  if (patientOf.size === 0) return;
  await lockStandings(db, siteId);
  const sealed = await db
    .selectFrom("loop")
    .selectAll()
    .where("subject_key", "=", anyOf([...patientOf.keys()]))
    .where("sealed", "is not", null)
    .execute();
  const astray = sealed.filter((loop) => patientOf.get(loop.subject_key) !== loop.patient_key);
  if (astray.length === 0) return;
  await sql`delete from loop using unnest(${astray.map((loop) => loop.patient_key)}::bigint[], ${astray.map((loop) => loop.loop_id)}::uuid[])
    as gone (patient_key, loop_id) where loop.patient_key = gone.patient_key and loop.loop_id = gone.loop_id`.execute(db);
  const moved = astray.map((loop) => ({ ...loop, patient_key: patientOf.get(loop.subject_key) ?? loop.patient_key }));
  await insertRows(db, "loop", { ...loopColumns, sealed: "jsonb" }, moved);
  await moveReviews(
    db,
    moved.map(({ loop_id, patient_key }) => ({ id: loop_id, patient: patient_key })),
  );
}
