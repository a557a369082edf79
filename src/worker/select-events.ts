import { sql, type Kysely, type RawBuilder } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { CareEvent } from "../domain/care-event.ts";
import type { Instant } from "../domain/instant.ts";
import type { Wanted } from "../domain/wanted.ts";
import { anyOf } from "./any-of.ts";

/** Only what these signals ask for, at one site: what is shown of the query, not what it is run with. */
export interface Narrowed {
  readonly siteId: number;
  readonly wanted: Wanted;
}

/** Half-open at the start: `(after, until]`. Bounds on the time are parameters, so that partitions outside are never looked at. */
export function selectEvents(
  db: Kysely<Database>,
  patients: readonly bigint[] | RawBuilder<bigint>,
  after: Instant,
  until: Instant,
  narrowed?: Narrowed,
) {
  const query = db
    .selectFrom("care_event")
    .select(columnsRead)
    .where("patient_key", "=", "toOperationNode" in patients ? patients : anyOf(patients))
    .where("at", ">", sql<number>`${toTimestamp(after)}::timestamptz`)
    .where("at", "<=", sql<number>`${toTimestamp(until)}::timestamptz`);
  return narrowed ? query.where(isNarrowed(narrowed)) : query;
}

/** Of `care_event`, what detection looks at. */
export const columnsRead = [
  "patient_key",
  "at",
  "event_id",
  "activity",
  "end_at",
  "precision",
  "subject_key",
  "saying_key",
  "subject_read",
  "actor_key",
  "actor_kind",
  "by_person",
  "grade",
  "via",
  "category",
  "code",
  "value",
  "unit",
  "order_key",
  "encounter_key",
  "urgency",
  "priority",
  "setting",
  "team",
  "kind",
  "due_at",
  "title",
  "detail",
] as const;

function isNarrowed({ siteId, wanted }: Narrowed): RawBuilder<boolean> {
  const coded = [...wanted].flatMap(([activity, codes]) => (codes === "all" ? [] : [{ activity, codes: [...codes] }]));
  const conditions = [
    sql`site_id = ${siteId}::integer`,
    sql`activity = any(${[...wanted.keys()]}::activity[])`,
    ...coded.map(
      ({
        activity,
        codes,
      }) => sql`(activity <> ${activity}::activity or exists (select from jsonb_array_elements(code -> 'codings') as coding
    where coalesce(coding ->> 'system', '') || '|' || (coding ->> 'code') = any(${codes}::text[])))`,
    ),
  ];
  return sql<boolean>`(${sql.join(conditions, sql` and `)})`;
}

export type EventRow = Awaited<ReturnType<ReturnType<typeof selectEvents>["execute"]>>[number];

/** Keys come as decimal strings; nulls are absent. */
export function toCareEvent(row: EventRow): CareEvent {
  return {
    id: String(row.event_id),
    activity: row.activity,
    at: row.at,
    end: row.end_at ?? row.at,
    precision: row.precision,
    subject: String(row.subject_key),
    subjectRead: row.subject_read,
    saying: String(row.saying_key),
    actorKind: row.actor_kind,
    byPerson: row.by_person,
    grade: row.grade,
    via: row.via,
    ...(row.actor_key !== null && { actor: String(row.actor_key) }),
    ...(row.category !== null && { category: row.category }),
    ...(row.code !== null && { code: row.code }),
    ...(row.value !== null && { value: row.value }),
    ...(row.unit !== null && { unit: row.unit }),
    ...(row.order_key !== null && { order: String(row.order_key) }),
    ...(row.encounter_key !== null && { encounter: String(row.encounter_key) }),
    ...(row.urgency !== null && { urgency: row.urgency }),
    ...(row.priority !== null && { priority: row.priority }),
    ...(row.setting !== null && { setting: row.setting }),
    ...(row.team !== null && { team: row.team }),
    ...(row.kind !== null && { kind: row.kind }),
    ...(row.due_at !== null && { due: row.due_at }),
    ...(row.title !== null && { title: row.title }),
    ...row.detail,
  };
}
