import type { ColumnType, Generated } from "kysely";
import type { Gap, Loop } from "../domain/loop.ts";
import type { Status } from "../domain/status.ts";
import type { Tier } from "../domain/verdict.ts";

type Timestamp = ColumnType<number, string, string>;
type NullableTimestamp = ColumnType<number | null, string | null, string | null>;
type Json<T> = ColumnType<T, string, string>;

/** Loops, and how many there are of each kind. */
export interface LoopTables {
  loop: LoopTable;
  loop_count: LoopCountTable;
}

interface LoopTable {
  patient_key: bigint;
  loop_id: string;
  site_id: number;
  signal: string;
  signal_version: number;
  edition: string;
  subject_key: bigint;
  opening_event: bigint;
  opening_activity: Loop["openingActivity"];
  opened_at: Timestamp;
  due_at: Timestamp;
  met_at: NullableTimestamp;
  cancelled_at: NullableTimestamp;
  verdict: Loop["verdict"];
  reason: NonNullable<Loop["reason"]> | null;
  before_watch: boolean;
  urgency: Loop["urgency"] | null;
  priority: Loop["priority"] | null;
  setting: Loop["setting"] | null;
  team: string | null;
  kind: Loop["kind"] | null;
  title: string | null;
  limit_duration: string | null;
  limit_basis: string | null;
  gaps: Json<readonly Gap[]>;
  cancelling_gaps: Json<readonly Gap[]>;
  explanation: Json<Loop["explanation"]>;
  by_person_key: bigint | null;
  status: Generated<Status | null>;
  status_reason: Generated<string | null>;
  reviews: Generated<number>;
  rank: Generated<number>;
  tier: Generated<Tier>;
  restricted: Generated<boolean>;
  test: Generated<boolean>;
  is_current: Generated<boolean>;
  sealed: ColumnType<unknown, string | null | undefined, string | null>;
}

interface LoopCountTable {
  site_id: number;
  team: string;
  signal: string;
  signal_version: number;
  tier: Tier;
  verdict: Loop["verdict"];
  status: Status;
  urgency: string;
  unassigned: boolean;
  restricted: boolean;
  test: boolean;
  before_watch: boolean;
  count: number;
}
