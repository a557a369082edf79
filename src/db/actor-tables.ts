import type { ColumnType } from "kysely";
import type { CareEvent } from "../domain/care-event.ts";

/** A timestamptz: read as epoch milliseconds, written as text (`toTimestamp`). */
type Timestamp = ColumnType<number, string, string>;

/** The tables of `sql/0016-by-actor.sql`, as kysely knows them. */
export interface ActorTables {
  actor_event: {
    person_key: bigint;
    event_id: bigint;
    site_id: number;
    actor_key: bigint;
    saying_key: bigint;
    patient_key: bigint;
    subject_key: bigint;
    at: Timestamp;
    event: ColumnType<CareEvent, string, string>;
  };
  dirty_actor: { person_key: bigint; site_id: number; from_at: Timestamp };
}
