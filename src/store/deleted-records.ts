import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import type { Facts, Key } from "../domain/facts.ts";
import type { DeletedRecord } from "../domain/finding.ts";
import { formatInstant } from "../domain/format-instant.ts";
import { orderVersions } from "../domain/version-order.ts";

interface VoidedRow {
  readonly subject_key: bigint;
  readonly record: Key;
  readonly facts: Facts;
}

/**
 * What was deleted at its source of the records that loops rested on, by the key of their subject: the record that a loop
 * is about, what names it, and what it names. Their care events are withdrawn, so that nothing else shows why a verdict changed.
 */
export async function listDeleted(db: Kysely<Database>, subjects: readonly bigint[]): Promise<Map<bigint, DeletedRecord[]>> {
  if (subjects.length === 0) return new Map();
  const { rows } = await sql<VoidedRow>`
    with near as materialized (
      select key as subject_key, key as near_key from unnest(${[...new Set(subjects)]}::bigint[]) as asked (key)
      union select target_key, source_key from link where target_key = any(${[...subjects]}::bigint[])
      union select source_key, target_key from link where source_key = any(${[...subjects]}::bigint[])
)
    select near.subject_key, record.type || '/' || record.id as record, version.facts
    from near join record on record.resource_key = near.near_key and record.voided
    join resource_version as version on version.resource_key = record.resource_key`.execute(db);
  const bySubject = Map.groupBy(rows, (row) => row.subject_key);
  return new Map([...bySubject].map(([subject, versions]) => [subject, deletedAmong(versions)]));
}

/** Voided is also what is entered in error. */
function deletedAmong(rows: readonly VoidedRow[]): DeletedRecord[] {
  const byRecord = [...Map.groupBy(rows, (row) => row.record)].sort(([a], [b]) => (a < b ? -1 : 1));
  return byRecord.flatMap(([record, versions]) => {
    const newest = orderVersions(versions.map(({ facts }) => facts)).at(-1);
    if (newest?.deleted !== true) return [];
    return [{ record, at: newest.lastUpdated === undefined ? null : formatInstant(newest.lastUpdated) }];
  });
}
