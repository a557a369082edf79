import { sql } from "kysely";
import { toTimestamp } from "../db/timestamp.ts";
import type { CareEvent, Observed } from "../domain/care-event.ts";
import type { Concept } from "../domain/facts.ts";
import type { Instant, Interval } from "../domain/instant.ts";
import type { Db } from "./db.ts";

/** What a series measures of one care event; see `MeasuredEvent` of detection. */
interface StoredMeasuredEvent extends Pick<CareEvent, "activity" | "at" | "code" | "value" | "unit"> {
  readonly patient?: string;
  readonly comparator?: Observed["comparator"];
  readonly valueless?: Observed["valueless"];
}

interface Row {
  readonly at: Instant;
  readonly patient: bigint | null;
  readonly code: Concept | null;
  readonly value: number | null;
  readonly unit: string | null;
  readonly comparator: Observed["comparator"] | null;
  readonly valueless: Observed["valueless"] | null;
}

/** When the first value within a period was reported; undefined where none was. */
export async function findFirstMeasured(db: Db, siteId: number, { from, to }: Interval): Promise<Instant | undefined> {
  const { rows } = await sql<{ first: Instant | null }>`select min(at) as first from care_event where site_id = ${siteId}
    and activity = 'observation.resulted' and at >= ${toTimestamp(from)}::timestamptz and at < ${toTimestamp(to)}::timestamptz`.execute(db);
  return rows[0]?.first ?? undefined;
}

/** Values reported within a period, whoever the patient is: an event that names none is placed under its own record, or under nobody. */
export async function readMeasuredEvents(db: Db, siteId: number, { from, to }: Interval): Promise<StoredMeasuredEvent[]> {
  const { rows } = await sql<Row>`select at, case when patient_key in (0, subject_key) then null else patient_key end as patient,
      code, value, unit, detail -> 'observed' ->> 'comparator' as comparator, detail -> 'observed' ->> 'valueless' as valueless
    from care_event where site_id = ${siteId} and activity = 'observation.resulted'
      and at >= ${toTimestamp(from)}::timestamptz and at < ${toTimestamp(to)}::timestamptz`.execute(db);
  return rows.map(({ at, patient, code, value, unit, comparator, valueless }) => ({
    activity: "observation.resulted",
    at,
    ...(patient !== null && { patient: String(patient) }),
    ...(code && { code }),
    ...(value !== null && { value }),
    ...(unit !== null && { unit }),
    ...(comparator && { comparator }),
    ...(valueless && { valueless }),
  }));
}
