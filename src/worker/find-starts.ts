import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import { isOnPatient } from "../detect/is-on-patient.ts";
import type { CareEvent } from "../domain/care-event.ts";
import type { Instant } from "../domain/instant.ts";
import type { DirtyPatient } from "./dirty-patients.ts";
import { unplaced } from "./place-events.ts";

/** Where an event was, and what it was: as much as tells whose loops it may change. */
export interface PlacedEvent extends Pick<CareEvent, "activity" | "grade" | "at"> {
  readonly patient_key: bigint;
  readonly subject_key: bigint;
  /** When a look began. */
  readonly started_at?: Instant | null;
}

/**
 * From when on each patient must be judged again: the earliest of the changed events, of the loops on the same records, and
 * for what is on the patient as a whole of every loop that was not settled before it (an hour before, for a look may count
 * a little later than what it was for). Detection goes back further by what a sequence may have begun earlier (`reachMs`).
 * `ending`: activities that may end loops on other records of the patient.
 */
export async function findStarts(
  db: Kysely<Database>,
  events: readonly PlacedEvent[],
  ending: ReadonlySet<CareEvent["activity"]> = new Set(),
): Promise<DirtyPatient[]> {
  const changed = events.filter((event) => event.patient_key !== unplaced);
  const subjects = [...new Set(changed.filter((event) => !isOnPatient(event)).map((event) => event.subject_key))];
  const whole = new Map<bigint, Instant>();
  for (const event of changed.filter((each) => isOnPatient(each) || ending.has(each.activity)))
    whole.set(event.patient_key, Math.min(event.at, whole.get(event.patient_key) ?? Infinity));
  const { rows } = await sql<{ patient_key: bigint; opened_at: Instant }>`select patient_key, min(opened_at) as opened_at from loop
      where subject_key = any(${subjects}::bigint[]) group by patient_key
    union all select loop.patient_key, min(opened_at) from loop
      join unnest(${[...whole.keys()]}::bigint[], ${[...whole.values()].map(toTimestamp)}::timestamptz[]) as whole (patient_key, at) on whole.patient_key = loop.patient_key
      where coalesce(met_at, cancelled_at, 'infinity') >= whole.at - interval '1 hour' group by loop.patient_key`.execute(db);
  return [
    ...changed.map((event) => ({ patient: event.patient_key, from: Math.min(event.at, event.started_at ?? event.at) })),
    ...rows.map((row) => ({ patient: row.patient_key, from: row.opened_at })),
  ];
}
