import { sql, type Kysely, type RawBuilder } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import { lookActivities, type LooksAsked } from "../detect/looks-asked.ts";
import type { Activity } from "../domain/activity.ts";
import type { CareEvent } from "../domain/care-event.ts";
import type { Instant } from "../domain/instant.ts";
import type { Wanted } from "../domain/wanted.ts";
import { anyOf } from "./any-of.ts";
import { namesOfPersons } from "./persons-of-actors.ts";

/** What a batch of patients is read of: nothing at or before the retention line, nothing after `now`. */
export interface Bounds {
  readonly line: Instant;
  /** Everything of the patients from here on; before it only what is on the same records, deaths, and `before`. */
  readonly start: Instant;
  readonly now: Instant;
  /** Activities that openings rest on, however long before. */
  readonly before?: readonly Activity[];
  /** Those that count from before the retention line as well. */
  readonly ever?: readonly Activity[];
  /** Of looks only these. */
  readonly looks: LooksAsked;
}

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
    .select(eventColumns)
    .where("patient_key", "=", "toOperationNode" in patients ? patients : anyOf(patients))
    .where("at", ">", sql<number>`${toTimestamp(after)}::timestamptz`)
    .where("at", "<=", sql<number>`${toTimestamp(until)}::timestamptz`);
  return narrowed ? query.where(isNarrowed(narrowed)) : query;
}

/** Of `care_event`, what detection looks at. */
const eventColumns = [
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

/** The events of each patient that signals look at. */
export async function readEvents(db: Kysely<Database>, patients: readonly bigint[], bounds: Bounds): Promise<Map<bigint, CareEvent[]>> {
  const { line, start, now, before = [], ever = [], looks } = bounds;
  // The start itself belongs to what is read whole.
  const recent = await selectEvents(db, patients, Math.max(line, start - 1), now)
    .where(isAsked(looks))
    .execute();
  const subjects = [...new Set(recent.map((row) => row.subject_key))];
  const earlier =
    start - 1 <= line
      ? []
      : await selectEvents(db, patients, line, start - 1)
          .where(isAsked(looks))
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
  const held = [...ancient, ...earlier, ...recent];
  const raising = looks.raising && !looks.named.includes("result.viewed") ? await readRaisingLooks(db, held, bounds) : [];
  const events = new Map<bigint, CareEvent[]>();
  for (const row of [...held, ...raising]) {
    const ofPatient = events.get(row.patient_key);
    const event = toCareEvent(row);
    if (ofPatient) ofPatient.push(event);
    else events.set(row.patient_key, [event]);
  }
  return events;
}

/** No look, or one that some signal names. As literals: so the index of what is no look serves it. */
export function isAsked({ named }: LooksAsked): RawBuilder<boolean> {
  const unasked = lookActivities.filter((activity) => !named.includes(activity));
  return unasked.length === 0 ? sql`true` : sql`activity not in (${sql.join(unasked.map((each) => sql.lit(each)))})`;
}

/** Looks by the persons who ordered something for a patient that has results (`actions.ts`). */
async function readRaisingLooks(db: Kysely<Database>, held: readonly EventRow[], { line, start, now }: Bounds): Promise<EventRow[]> {
  const withResults = new Set(held.filter((row) => row.detail?.result !== undefined).map((row) => row.patient_key));
  const actions = held.filter(
    (row) => row.activity === "result.actioned" && row.grade === 1 && row.by_person && withResults.has(row.patient_key),
  );
  const actors = new Set(actions.flatMap((row) => row.actor_key ?? []));
  if (actors.size === 0) return [];
  const names = await namesOfPersons(db, [...actors]);
  const subjects = [...new Set(held.map((row) => row.subject_key))];
  return selectEvents(db, [...new Set(actions.map((row) => row.patient_key))], line, now)
    .where("activity", "=", "result.viewed")
    .where("grade", ">=", 1)
    .where("by_person", "=", true)
    .where("actor_key", "=", anyOf(names))
    .where((where) =>
      where.or([
        where("at", ">=", sql<number>`${toTimestamp(Math.max(line, start))}::timestamptz`),
        where("subject_key", "=", anyOf(subjects)),
      ]),
    )
    .execute();
}

type EventRow = Awaited<ReturnType<ReturnType<typeof selectEvents>["execute"]>>[number];

/** Keys come as decimal strings; nulls are absent. */
function toCareEvent(row: EventRow): CareEvent {
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
