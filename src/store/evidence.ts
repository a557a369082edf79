import { sql, type Kysely, type RawBuilder } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { Activity, Grade } from "../domain/activity.ts";
import type { CareEvent } from "../domain/care-event.ts";
import type { Instant } from "../domain/instant.ts";
import { cancellingActivities, closingActivities, openingActivities } from "../domain/signal-activities.ts";
import type { LoopRow } from "./finding-rows.ts";
import { readLabels } from "./record-label.ts";

/** A care event as stored, with the name of the record that says it. */
export interface EvidenceRow {
  readonly patient_key: bigint;
  readonly at: Instant;
  readonly event_id: bigint;
  readonly activity: Activity;
  readonly precision: CareEvent["precision"];
  readonly subject_key: bigint;
  readonly actor: string | null;
  readonly grade: Grade;
  readonly record: string | null;
}

export interface LoopEvidence {
  /** The opening first, then by time. */
  readonly events: readonly EvidenceRow[];
  readonly leftOut: number;
}

/** The catalogue's longest `early`: what came sooner cannot have closed the loop, unless the loop itself says so. */
const beforeOpeningMs = 3_600_000;
/** What decided a loop may be older (a report that came before its order, a death): as far back as records are kept by default. */
const longestBackMs = 2 * 366 * 86_400_000;
/** An inpatient's chart is opened hundreds of times a day. */
const mostLooks = 50;

const onPatient: ReadonlySet<Activity> = new Set(["result.viewed", "chart.opened", "result.actioned", "patient.died"]);

/** The care events that matter to each of these loops, up to when its site was judged. */
export async function readEvidence(db: Kysely<Database>, loops: readonly LoopRow[]): Promise<Map<string, LoopEvidence>> {
  if (loops.length === 0) return new Map();
  const patients = loops.map((loop) => loop.patient_key);
  const until = Math.max(...loops.map(judgedAt));
  const opened = Math.min(...loops.map((loop) => loop.opened_at));
  const near = await selectEvents(
    db,
    patients,
    opened - beforeOpeningMs,
    until,
    sql<boolean>`(event.subject_key = any(${loops.map((loop) => loop.subject_key)}::bigint[])
    or (event.activity in ('result.viewed', 'chart.opened', 'result.actioned') and event.grade <= 1) or event.activity = 'patient.died')`,
  );
  const held = new Set(near.map((event) => event.event_id));
  const absent = loops.flatMap(decidersOf).filter((id) => !held.has(id));
  const far =
    absent.length === 0
      ? []
      : await selectEvents(db, patients, opened - longestBackMs, until, sql<boolean>`event.event_id = any(${absent}::bigint[])`);
  const byPatient = Map.groupBy([...near, ...far], (event) => event.patient_key);
  const elsewhere = await selectStepsElsewhere(db, loops);
  return new Map(
    loops.map((loop) => [
      loop.loop_id,
      choose(
        loop,
        [...(byPatient.get(loop.patient_key) ?? []), ...elsewhere(loop)].sort((a, b) => a.at - b.at),
      ),
    ]),
  );
}

/** Bounds on the time are parameters, so that partitions outside them are never looked at. */
async function selectEvents(
  db: Kysely<Database>,
  patients: readonly bigint[],
  from: Instant,
  to: Instant,
  which: RawBuilder<boolean>,
): Promise<EvidenceRow[]> {
  const { rows } = await sql<Said<EvidenceRow>>`
    select event.patient_key, event.at, event.event_id, event.activity, event.precision, event.subject_key, event.actor, event.grade, event.saying_key
    from care_event event
    where event.patient_key = any(${[...new Set(patients)]}::bigint[]) and ${which}
      and event.at between ${toTimestamp(from)}::timestamptz and ${toTimestamp(to)}::timestamptz
    order by event.at, event.event_id`.execute(db);
  return nameSaying(db, rows);
}

type Said<Row> = Omit<Row, "record"> & { readonly saying_key: bigint };

/** With the record that says each: asked for by itself, for records and events lie apart. */
async function nameSaying(db: Kysely<Database>, rows: readonly Said<EvidenceRow>[]): Promise<EvidenceRow[]> {
  const keys = [...new Set(rows.map((row) => row.saying_key))];
  const { rows: records } = await sql<{ resource_key: bigint; name: string }>`
    select resource_key, type || '/' || id as name from record where resource_key = any(${keys}::bigint[])`.execute(db);
  const names = new Map(records.map(({ resource_key, name }) => [resource_key, name]));
  return rows.map(({ saying_key, ...row }) => ({ ...row, record: names.get(saying_key) ?? null }));
}

/** Steps of sequences that cross patients, done for another patient; not where that record, or its patient, is restricted. */
async function selectStepsElsewhere(db: Kysely<Database>, loops: readonly LoopRow[]): Promise<(loop: LoopRow) => EvidenceRow[]> {
  const steps = loops.flatMap(({ by_person_key, explanation }) => (by_person_key === null ? [] : (explanation.steps ?? []).map(BigInt)));
  if (steps.length === 0) return () => [];
  const { rows: acts } = await sql<Said<EvidenceRow>>`select act.patient_key, act.at, act.event_id, act.event ->> 'activity' as activity,
      act.event ->> 'precision' as precision, act.subject_key, null as actor, (act.event ->> 'grade')::smallint as grade,
      act.saying_key
    from actor_event as act
    where act.person_key = any(${loops.map((loop) => loop.by_person_key)}::bigint[]) and act.event_id = any(${steps}::bigint[])`.execute(
    db,
  );
  const labels = await readLabels(
    db,
    acts.map((act) => act.saying_key),
    acts.map((act) => act.patient_key),
  );
  const isRestricted = (key: bigint): boolean => (labels.get(key) ?? []).includes("restricted");
  const shown = acts.filter((act) => !isRestricted(act.saying_key) && !isRestricted(act.patient_key));
  const rows = (await nameSaying(db, shown)).filter((row) => row.record !== null);
  return (loop) =>
    rows.filter(({ event_id, patient_key }) => patient_key !== loop.patient_key && loop.explanation.steps?.includes(String(event_id)));
}

function choose(loop: LoopRow, events: readonly EvidenceRow[]): LoopEvidence {
  const deciders = new Set(decidersOf(loop));
  const opening = events.find((event) => event.event_id === loop.opening_event) ?? unfoldedOpening(loop);
  let looks = 0;
  let leftOut = 0;
  const others = events.filter((event) => {
    // What is kept of doses is when they are due: no dose itself.
    if (event === opening || event.activity === "dose.due") return false;
    if (deciders.has(event.event_id)) return true;
    if (event.at > judgedAt(loop)) return false;
    if (event.subject_key === loop.subject_key) return event.at >= loop.opened_at - beforeOpeningMs;
    if (!onPatient.has(event.activity) || !canMatter(loop, event)) return false;
    looks += 1;
    if (looks > mostLooks) leftOut += 1;
    return looks <= mostLooks;
  });
  return { events: [...(opening ? [opening] : []), ...others], leftOut };
}

/** A dose that was due is kept in no row of its own (`unfold-doses.ts`): what opened the loop is told by the loop. */
function unfoldedOpening(loop: LoopRow): EvidenceRow | undefined {
  if (!openingActivities(loop.definition).includes("dose.due")) return undefined;
  const { patient_key, opened_at: at, opening_event: event_id, subject_key, subject: record } = loop;
  return { patient_key, at, event_id, activity: "dose.due", precision: "instant", subject_key, actor: null, grade: 3, record };
}

/** Of events on the patient as a whole: looks after a result was out; orders where acting closes; a death where it cancels. */
function canMatter({ definition, subject, opened_at }: LoopRow, event: EvidenceRow): boolean {
  if (event.activity === "patient.died") return cancellingActivities(definition).includes("patient.died");
  if (event.activity === "result.actioned")
    return event.grade === 1 && event.at >= opened_at && closingActivities(definition).includes("result.actioned");
  return event.grade <= 1 && event.at >= opened_at && subject.startsWith("DiagnosticReport/");
}

/** What opened, closed and cancelled it. */
function decidersOf({ opening_event, explanation }: LoopRow): bigint[] {
  return [
    opening_event,
    ...[explanation.metBy, explanation.cancelledBy, ...(explanation.steps ?? [])].filter((id) => id !== undefined).map(BigInt),
  ];
}

function judgedAt(loop: LoopRow): Instant {
  return loop.judged_at ?? loop.opened_at;
}
