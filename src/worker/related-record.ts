import { BinaryRows } from "../db/binary-rows.ts";
import type { ColumnTypes } from "../db/bulk-write.ts";
import type { Key } from "../domain/facts.ts";
import { earliestOf, latestOf } from "../domain/instant.ts";
import { hashBytes, nameOf } from "../domain/key.ts";
import type { Wanted } from "../domain/wanted.ts";
import { relateRecord } from "../relate/relate-record.ts";
import { distinct, isVoided } from "../relate/world.ts";
import type { PlacedEvent } from "./find-starts.ts";
import type { StoredWorld } from "./loading.ts";
import { personOf, placeEvent, unplaced, type EventRow } from "./place-events.ts";

/** One record as it now stands: where it belongs, and the events that it says. */
export interface Related {
  readonly key: bigint;
  readonly record: Readonly<Record<string, unknown>>;
  readonly rows: readonly EventRow[];
  readonly hash: string;
}

/** @param events where its events are written down, too */
export function relate(
  world: StoredWorld,
  site: { readonly siteId: number; readonly name: string },
  { name, key }: { readonly name: Key; readonly key: bigint },
  { wanted, events = scratch }: { readonly wanted?: Wanted | undefined; readonly events?: BinaryRows | undefined } = {},
): Related {
  const newest = world.versions(name).findLast((version) => !version.deleted);
  const rows = relateRecord(world, name, wanted).map((event) => placeEvent(world, site.siteId, event));
  const patient = newest?.patient && nameOf(newest.patient);
  const patient_key = newest?.type === "Patient" ? world.personKey(name) : (personOf(world, newest) ?? key);
  const mark = events.mark();
  for (const row of rows) events.add(row);
  const hash = String(hashBytes(events.since(mark)));
  scratch.clear();
  const instants = rows.map((row) => row.at);
  const slash = name.indexOf("/");
  return {
    key,
    rows,
    hash,
    record: {
      resource_key: key,
      site_id: site.siteId,
      namespace: "",
      type: name.slice(0, slash),
      id: name.slice(slash + 1),
      patient_ref: patient === undefined ? undefined : world.keyOf(patient),
      patient,
      patient_key,
      voided: isVoided(world, name),
      labels: newest?.labels,
      event_patients: patientsOf(rows),
      events_from: earliestOf(instants),
      events_to: latestOf(instants),
      events_hash: hash,
    },
  };
}

/** Under whom the events are placed, each once: hardly a record says more than one. */
function patientsOf(rows: readonly EventRow[]): bigint[] {
  return distinct(rows.map((row) => row.patient_key));
}

/** Whether a record's row, as it is held, says the same already. */
export function isSame(held: Readonly<Record<string, unknown>> | undefined, record: Readonly<Record<string, unknown>>): boolean {
  if (held === undefined) return false;
  return Object.keys(recordColumns).every((name) => {
    const [one, other] = [held[name] ?? undefined, record[name] ?? undefined];
    if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
    return one.length === other.length && one.every((each, place) => each === other[place]);
  });
}

/** As much as tells whose loops it may change. */
export function asPlaced({ patient_key, subject_key, at, activity, grade, detail }: EventRow): PlacedEvent {
  return { patient_key, subject_key, at, activity, grade, ...(detail?.startedAt !== undefined && { started_at: detail.startedAt }) };
}

/** Whose identity the patients' events hang on beside that of who acted (`care_event_by_actor`): whose the laboratory's own is. Each pair once. */
export function actorRows(siteId: number, rows: readonly EventRow[]): Record<string, unknown>[] {
  const pairs = new Map<string, Record<string, unknown>>();
  for (const { patient_key, detail } of rows) {
    if (patient_key === unplaced || !detail?.result) continue;
    const { performers = [], requesters = [] } = detail.result;
    for (const named of [...performers, ...requesters]) {
      pairs.set(`${named} ${patient_key}`, { actor_key: BigInt(named), patient_key, site_id: siteId });
    }
  }
  return [...pairs.values()];
}

export const recordColumns: ColumnTypes = {
  resource_key: "bigint",
  site_id: "integer",
  namespace: "text",
  type: "text",
  id: "text",
  patient_ref: "bigint",
  patient: "text",
  patient_key: "bigint",
  voided: "boolean",
  labels: "text[]",
  event_patients: "bigint[]",
  events_from: "timestamptz",
  events_to: "timestamptz",
  events_hash: "text",
};

export const eventColumns: ColumnTypes = {
  patient_key: "bigint",
  at: "timestamptz",
  event_id: "bigint",
  site_id: "integer",
  activity: "activity",
  end_at: "timestamptz",
  precision: "text",
  subject_key: "bigint",
  saying_key: "bigint",
  subject_read: "boolean",
  actor: "text",
  actor_key: "bigint",
  actor_kind: "text",
  by_person: "boolean",
  grade: "smallint",
  via: "text",
  category: "text",
  code: "jsonb",
  value: "double precision",
  unit: "text",
  order_key: "bigint",
  encounter_key: "bigint",
  urgency: "text",
  priority: "text",
  setting: "text",
  team: "text",
  kind: "text",
  due_at: "timestamptz",
  title: "text",
  detail: "jsonb",
};

/** Where events are written down that nobody wants to have so: what they say is told by it. */
const scratch = new BinaryRows(eventColumns);

export const actorColumns: ColumnTypes = { actor_key: "bigint", patient_key: "bigint", site_id: "integer" };
