import { sql, type Kysely, type RawBuilder } from "kysely";
import type { Database } from "../db/schema.ts";
import { lookActivities, type LooksAsked } from "../detect/looks-asked.ts";
import type { Activity } from "../domain/activity.ts";
import type { CareEvent } from "../domain/care-event.ts";
import { anyOf } from "./any-of.ts";
import { isWhole, type Bounds } from "./bounds.ts";
import { readFirstLooks, readLooks } from "./read-looks.ts";
import { selectEvents, toCareEvent } from "./select-events.ts";

/** The events of each patient that signals look at. */
export async function readEvents(db: Kysely<Database>, patients: readonly bigint[], bounds: Bounds): Promise<Map<bigint, CareEvent[]>> {
  const { line, start, now, before = [], ever = [], looks } = bounds;
  const asked = isAsked(isWhole(bounds) ? looks.all : looks.named);
  // The start itself belongs to what is read whole.
  const recent = await selectEvents(db, patients, Math.max(line, start - 1), now)
    .where(asked)
    .execute();
  const subjects = [...new Set(recent.map((row) => row.subject_key))];
  const earlier = isWhole(bounds)
    ? []
    : await selectEvents(db, patients, line, start - 1)
        .where(asked)
        .where((where) =>
          where.or([
            where("subject_key", "=", anyOf(subjects)),
            where("activity", "=", sql<Activity>`any(${["patient.died", ...before]}::activity[])`),
          ]),
        )
        .execute();
  const ancient =
    ever.length === 0
      ? []
      : await selectEvents(db, patients, -Infinity, line)
          .where("activity", "=", sql<Activity>`any(${[...ever]}::activity[])`)
          .execute();
  const events = new Map<bigint, CareEvent[]>();
  for (const row of [...ancient, ...earlier, ...recent]) addEvent(events, row.patient_key, toCareEvent(row));
  const further = [
    ...(await readLooks(db, events, bounds)),
    ...(isWhole(bounds) ? await readFirstLooks(db, patients, events, bounds) : []),
  ];
  // Of several signals the first looks may be the same.
  const looksById = new Map(further.map((row) => [row.event_id, row]));
  for (const row of looksById.values()) addEvent(events, row.patient_key, toCareEvent(row));
  return events;
}

function addEvent(events: Map<bigint, CareEvent[]>, patient: bigint, event: CareEvent): void {
  const ofPatient = events.get(patient);
  if (ofPatient) ofPatient.push(event);
  else events.set(patient, [event]);
}

/** No look, or one of these. As literals: so the index of what is no look serves it. */
export function isAsked(looks: LooksAsked["named"]): RawBuilder<boolean> {
  const unasked = lookActivities.filter((activity) => !looks.includes(activity));
  return unasked.length === 0 ? sql`true` : sql`activity not in (${sql.join(unasked.map((each) => sql.lit(each)))})`;
}
