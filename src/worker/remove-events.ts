import { sql, type Kysely, type RawBuilder, type Selectable } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import { removeActorEvents } from "./actor-events.ts";
import type { PlacedEvent } from "./find-starts.ts";

/** Where the events of a record lie. */
type PlacedRecord = Pick<Selectable<Database["record"]>, "resource_key" | "event_patients" | "events_from" | "events_to">;

/** How many care events each record says, as they are held: what is not as its record tells is written anew. */
export async function countEvents(db: Kysely<Database>, held: readonly PlacedRecord[]): Promise<Map<bigint, number>> {
  const placed = held.filter((row) => row.events_from !== null);
  if (placed.length === 0) return new Map();
  const { rows } = await sql<{ saying_key: bigint; count: number }>`select saying_key, count(*)::integer as count from care_event
    where patient_key = any(${placed.flatMap((row) => row.event_patients ?? [])}::bigint[])
      and saying_key = any(${placed.map((row) => row.resource_key)}::bigint[]) and ${isBetween(placed)} group by saying_key`.execute(db);
  return new Map(rows.map((row) => [row.saying_key, row.count]));
}

function isBetween(placed: readonly PlacedRecord[]): RawBuilder<boolean> {
  const from = toTimestamp(Math.min(...placed.map((row) => row.events_from ?? Infinity)));
  const to = toTimestamp(Math.max(...placed.map((row) => row.events_to ?? -Infinity)));
  return sql<boolean>`at between ${from}::timestamptz and ${to}::timestamptz`;
}

export async function removeEvents(db: Kysely<Database>, placed: readonly PlacedRecord[]): Promise<PlacedEvent[]> {
  const places = placed.flatMap(({ event_patients, ...row }) => (event_patients ?? []).map((patient) => ({ ...row, patient })));
  // Where each record's own lie, for the patient may have thousands of others; and where all do, so that no other month is looked at.
  const { rows } = await sql<PlacedEvent>`delete from care_event as event using unnest(
      ${places.map((place) => place.patient)}::bigint[], ${places.map((place) => place.resource_key)}::bigint[],
      ${places.map((place) => toTimestamp(place.events_from ?? -Infinity))}::timestamptz[],
      ${places.map((place) => toTimestamp(place.events_to ?? Infinity))}::timestamptz[]) as place (patient_key, saying_key, from_at, to_at)
    where event.patient_key = place.patient_key and event.at between place.from_at and place.to_at
      and event.saying_key = place.saying_key and ${isBetween(placed)}
    returning event.patient_key, event.subject_key, event.at, event.activity, event.grade, (event.detail ->> 'startedAt')::double precision as started_at`.execute(
    db,
  );
  await removeActorEvents(
    db,
    placed.map((row) => row.resource_key),
  );
  return rows;
}
