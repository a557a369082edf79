import type { SignalInForceTable, SignalVersionTable } from "./signal-tables.ts";
import type { ColumnType, Generated } from "kysely";
import type { CareEvent } from "../domain/care-event.ts";
import type { Concept, Facts } from "../domain/facts.ts";
import type { Loop } from "../domain/loop.ts";
import type { DueKind } from "../domain/schedule.ts";
import type { ActorTables } from "./actor-tables.ts";
import type { BulkTables } from "./bulk-tables.ts";
import type { JudgedWith } from "./judged-with.ts";
import type { LoopTables } from "./loop-tables.ts";
import type { SeriesTables } from "./series-tables.ts";

/** A timestamptz: read as epoch milliseconds, written as text (`toTimestamp`). */
type Timestamp = ColumnType<number, string, string>;
type NullableTimestamp = ColumnType<number | null, string | null, string | null>;
type Json<T> = ColumnType<T, string, string>;

/** The tables of `sql/`, as kysely knows them. */
export interface Database extends ActorTables, BulkTables, LoopTables, SeriesTables {
  site: {
    site_id: number;
    name: string;
    watch_since: NullableTimestamp;
    latest_at: NullableTimestamp;
    judged_at: NullableTimestamp;
    judged_with: Json<JudgedWith | null>;
    /** Which care events are made of what is related (`listWanted`); null: nothing was but what arrived. */
    related_for: Json<readonly string[] | null>;
    retained_from: NullableTimestamp;
    pulled_line: NullableTimestamp;
    runs: Generated<number>;
  };
  feed: { site_id: number; source: string; type: string };
  coverage: {
    site_id: number;
    source: string;
    type: string;
    from_at: Timestamp;
    to_at: Timestamp;
    how: "declared" | "manifest" | "assumed" | "searched";
  };
  source_server: { site_id: number; source: string; base: string };
  feed_cursor: {
    site_id: number;
    source: string;
    type: string;
    since_at: NullableTimestamp;
    seen_until: NullableTimestamp;
    read_until: Timestamp;
    covered_until: Timestamp;
  };
  failed_window: {
    site_id: number;
    source: string;
    type: string;
    from_at: Timestamp;
    to_at: Timestamp;
    blind_from_at: Timestamp;
    reason: string;
  };
  unfetched: { site_id: number; source: string; what: "record" | "versions"; name: string; reason: string; tries: number };
  signal_version: SignalVersionTable;
  signal_in_force: SignalInForceTable;
  normalised_with: { site_id: number; number: number; context_hash: string; context: Json<unknown>; in_force_from: Timestamp };
  to_normalise: { site_id: number; what: "block" | "quarantined"; key: bigint };
  run: RunTable;
  run_feed: RunFeedTable;
  due_run: {
    due_run_id: string;
    site_id: number;
    kind: DueKind | "replay";
    due_at: Timestamp;
    asked_by: string | null;
    state: "waiting" | "running" | "done" | "failed";
    run_id: string | null;
    keys: bigint[] | null;
  };
  resource_block: {
    block_key: bigint;
    site_id: number;
    month_at: Timestamp;
    resources: number;
    body: Uint8Array;
    expired: Generated<number>;
  };
  resource_version: ResourceVersionTable;
  record: RecordTable;
  link: { target_key: bigint; source_key: bigint; role: string; site_id: number };
  alias: { alias_key: bigint; resource_key: bigint; said_by: bigint; site_id: number; name: string };
  person_tie: { tie_key: bigint; resource_key: bigint; said_by: bigint; site_id: number; identifier: boolean };
  person: { resource_key: bigint; person_key: bigint; site_id: number };
  role_organisation: { resource_key: bigint; organisation_key: bigint; site_id: number };
  quarantine: QuarantineTable;
  dirty_record: { resource_key: bigint; site_id: number; expanded: boolean };
  dirty_person: { resource_key: bigint; site_id: number };
  care_event: CareEventTable;
  patient_wake: { patient_key: bigint; site_id: number; wake_at: Timestamp };
  dirty_patient: { patient_key: bigint; site_id: number; from_at: Timestamp };
  closing_seen: { patient_key: bigint; signal: string; site_id: number; first_at: Timestamp };
  actor_patient: { actor_key: bigint; patient_key: bigint; site_id: number };
  review: ReviewTable;
  look: { look_id: string; site_id: number; viewer: string; at: Timestamp; how: string; loops: string[]; quarantined: Generated<bigint[]> };
}

interface RunTable {
  run_id: string;
  site_id: number;
  kind: string;
  now_at: NullableTimestamp;
  started_at: Timestamp;
  finished_at: NullableTimestamp;
  state: "running" | "complete" | "incomplete" | "failed" | "interrupted";
  summary: Json<unknown>;
}

interface RunFeedTable {
  run_id: string;
  source: string;
  type: string;
  read: bigint;
  stored: bigint;
  duplicate: bigint;
  quarantined: bigint;
  expired: bigint;
  skipped: bigint;
}

interface ResourceVersionTable {
  resource_key: bigint;
  version_key: bigint;
  site_id: number;
  source: string;
  type: string;
  block_key: bigint;
  place: number;
  last_updated: NullableTimestamp;
  content_hash: string;
  latest_at: NullableTimestamp;
  facts: Json<Facts>;
}

interface RecordTable {
  resource_key: bigint;
  site_id: number;
  namespace: string;
  type: string;
  id: string;
  patient_ref: bigint | null;
  patient: string | null;
  patient_key: bigint | null;
  voided: boolean;
  labels: string[] | null;
  event_patients: bigint[] | null;
  events_from: NullableTimestamp;
  events_to: NullableTimestamp;
  events_hash: string | null;
}

interface QuarantineTable {
  quarantine_key: bigint;
  site_id: number;
  source: string;
  type: string | null;
  code: string;
  reason: string;
  file: string;
  line: number;
  first_run: string;
  event_at: NullableTimestamp;
  names: bigint[];
  patient_ref: bigint | null;
  body: Uint8Array;
  resource_key: bigint | null;
  version_key: bigint | null;
}

interface CareEventTable {
  patient_key: bigint;
  at: Timestamp;
  event_id: bigint;
  site_id: number;
  activity: CareEvent["activity"];
  end_at: NullableTimestamp;
  precision: CareEvent["precision"];
  subject_key: bigint;
  saying_key: bigint;
  subject_read: boolean;
  actor: string | null;
  actor_key: bigint | null;
  actor_kind: CareEvent["actorKind"];
  by_person: boolean;
  grade: CareEvent["grade"];
  via: CareEvent["via"];
  category: string | null;
  code: Json<Concept | null>;
  value: number | null;
  unit: string | null;
  order_key: bigint | null;
  encounter_key: bigint | null;
  urgency: NonNullable<CareEvent["urgency"]> | null;
  priority: NonNullable<CareEvent["priority"]> | null;
  setting: NonNullable<CareEvent["setting"]> | null;
  team: string | null;
  kind: NonNullable<CareEvent["kind"]> | null;
  due_at: NullableTimestamp;
  title: string | null;
  detail: Json<Pick<CareEvent, "voided" | "result" | "sequence"> | null>;
}

interface ReviewTable {
  patient_key: bigint;
  loop_id: string;
  review_id: string;
  site_id: number;
  step: string;
  reason: string | null;
  reviewer: string;
  at: Timestamp;
  signal: string;
  subject: string;
  opening_event: bigint;
  opened_at: Timestamp;
  verdict: Loop["verdict"];
  evidence: Json<unknown>;
}
