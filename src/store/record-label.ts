import { sql, type RawBuilder } from "kysely";
import type { Db } from "./db.ts";

/**
 * Labels by the key of the record, and by the person's key those of a patient under any of their ids. Most bear none. By the ids of a person
 * and not by what is placed under them: a patient has a few ids, and thousands of records.
 */
export async function readLabels(db: Db, records: readonly bigint[], patients: readonly bigint[]): Promise<Map<bigint, string[]>> {
  const { rows } = await selectLabels([...new Set(records)], [...new Set(patients)]).execute(db);
  return new Map([...Map.groupBy(rows, (row) => row.key)].map(([key, labelled]) => [key, labelled.flatMap((row) => row.labels)]));
}

export function selectLabels(ofRecords: readonly bigint[], ofPatients: readonly bigint[]): RawBuilder<{ key: bigint; labels: string[] }> {
  return sql`
    select resource_key as key, labels from record where resource_key = any(${ofRecords}::bigint[]) and labels is not null
    union all select resource_key, labels from record where resource_key = any(${ofPatients}::bigint[]) and labels is not null and type = 'Patient'
    union all select person.person_key, record.labels from person join record on record.resource_key = person.resource_key
      where person.person_key = any(${ofPatients}::bigint[]) and record.labels is not null and record.type = 'Patient'`;
}
