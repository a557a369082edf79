import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { FirstLook } from "../detect/looks-asked.ts";
import { looksNeeded, raisingActors, recordsClosed } from "../detect/looks-needed.ts";
import type { Activity } from "../domain/activity.ts";
import type { CareEvent } from "../domain/care-event.ts";
import { anyOf } from "./any-of.ts";
import { isWhole, type Bounds } from "./bounds.ts";
import { namesOfActors } from "./persons-of-actors.ts";
import { columnsRead, selectEvents, type EventRow } from "./select-events.ts";

/** Looks that bear on what is held of these patients, of the kinds that are not read anyway. */
export async function readLooks(
  db: Kysely<Database>,
  held: ReadonlyMap<bigint, readonly CareEvent[]>,
  bounds: Bounds,
): Promise<EventRow[]> {
  const { line, start, now, looks } = bounds;
  const whole = isWhole(bounds);
  const unread = (activity: Activity): boolean => !(whole ? looks.all : looks.named).includes(activity);
  const kinds = new Set<Activity>([...looks.named, "result.viewed" as const].filter(unread));
  if (kinds.size === 0) return [];
  const patients = new Set<bigint>();
  const subjects = new Set<bigint>();
  const acts: { patient: bigint; actor: bigint }[] = [];
  for (const [patient, events] of held) {
    const raising = raisingActors(looks, events);
    const needed = whole ? looksNeeded(looks, events) : { actors: new Set<string>(), subjects: new Set<string>() };
    for (const actor of raising.union(needed.actors)) acts.push({ patient, actor: BigInt(actor) });
    for (const subject of needed.subjects) subjects.add(BigInt(subject));
    if (raising.size + needed.actors.size + needed.subjects.size > 0) patients.add(patient);
  }
  if (patients.size === 0) return [];
  const names = await namesOfActors(db, [...new Set(acts.map(({ actor }) => actor))]);
  const named = acts.flatMap(({ patient, actor }) => (names.get(actor) ?? []).map((name) => ({ patient, name })));
  // `is true`: so each look is looked for among them, once they are hashed; as a join it may become a reading of the patient for each.
  const isTheirs = sql<boolean>`((patient_key, actor_key) in (select * from
    unnest(${named.map(({ patient }) => patient)}::bigint[], ${named.map(({ name }) => name)}::bigint[]))) is true`;
  const query = selectEvents(db, [...patients], whole ? Math.max(line, start - 1) : line, now)
    .where("activity", "=", sql<Activity>`any(${[...kinds]}::activity[])`)
    .where((where) => where.or([isTheirs, where("subject_key", "=", anyOf([...subjects]))]));
  if (whole) return query.execute();
  const onRecords = [...new Set([...held.values()].flatMap((events) => events.map(({ subject }) => BigInt(subject))))];
  const from = toTimestamp(Math.max(line, start));
  return query
    .where((where) => where.or([where("at", ">=", sql<number>`${from}::timestamptz`), where("subject_key", "=", anyOf(onRecords))]))
    .execute();
}

/** Of each patient the first look that each signal counts as seen. */
export async function readFirstLooks(
  db: Kysely<Database>,
  patients: readonly bigint[],
  held: ReadonlyMap<bigint, readonly CareEvent[]>,
  bounds: Bounds,
): Promise<EventRow[]> {
  const rows: EventRow[] = [];
  for (const first of bounds.looks.firsts) rows.push(...(await readFirst(db, patients, held, first, bounds)));
  return rows;
}

async function readFirst(
  db: Kysely<Database>,
  patients: readonly bigint[],
  held: ReadonlyMap<bigint, readonly CareEvent[]>,
  first: FirstLook,
  { line, start, now }: Bounds,
): Promise<EventRow[]> {
  const { activity, gradeAtLeast, by, closes } = first;
  const records = new Map([...held].map(([patient, events]) => [patient, recordsClosed(first, events)]));
  const asked = closes ? patients.filter((patient) => (records.get(patient) ?? []).length > 0) : patients;
  if (asked.length === 0) return [];
  const isThere = closes ? sql`subject_key = ${anyOf([...records.values()].flat().map(BigInt))}` : sql`true`;
  // The index gives a patient's events in their order: it is read no further than to the first that fits.
  const { rows } = await sql<EventRow>`select look.* from unnest(${[...asked]}::bigint[]) as asked (key) cross join lateral (
    select ${sql.join(columnsRead.map((name) => sql.ref(name)))} from care_event where patient_key = asked.key
      and at > ${toTimestamp(Math.max(line, start - 1))}::timestamptz and at <= ${toTimestamp(now)}::timestamptz
      and activity = any(${[...activity]}::activity[]) and grade >= ${gradeAtLeast}::smallint ${by === "person" ? sql`and by_person` : sql``} and ${isThere}
    order by at limit 1) as look`.execute(db);
  return rows;
}
