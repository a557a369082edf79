import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { caseKeyOf, restsOn, type CaseWorld } from "../domain/case-key.ts";
import type { Facts, Key } from "../domain/facts.ts";
import { nameOf, recordKey } from "../domain/key.ts";
import { isRecordName, readNewestFacts, resolveNames } from "./newest-facts.ts";

/** Longer chains of records that rest on one another are not followed: none that people write are. */
const mostSteps = 10;

/** Everything that the cases of these records depend on, read in as many rounds as the longest chain has records. */
export async function readCaseWorld(db: Kysely<Database>, site: string, records: readonly Key[]): Promise<CaseWorld> {
  const held = new Map<Key, Facts | undefined>();
  const resolved = new Map<Key, Key | undefined>();
  let frontier = [...new Set(records)];
  for (let step = 0; step < mostSteps && frontier.length > 0; step += 1) {
    const facts = await readNewestFacts(db, site, frontier);
    for (const name of frontier) held.set(name, facts.get(name));
    const refs = [...facts.values()].flatMap(restsOn);
    for (const [name, record] of await resolveNames(db, site, refs)) resolved.set(name, record);
    frontier = [...new Set(refs.map((ref) => resolved.get(nameOf(ref))))].filter((name) => name !== undefined && !held.has(name)) as Key[];
  }
  return { newest: (name) => held.get(name), resolve: (ref) => resolved.get(nameOf(ref)), keyOf: (name) => recordKey(site, name) };
}

/** The records of each case: those whose case key it is. */
export async function listCaseRecords(db: Kysely<Database>, site: string, cases: readonly Key[]): Promise<Map<Key, Key[]>> {
  const candidates = new Set(cases);
  let frontier = [...candidates];
  for (let step = 0; step < mostSteps && frontier.length > 0; step += 1) {
    frontier = (await listLinking(db, site, frontier)).filter((name) => !candidates.has(name));
    for (const name of frontier) candidates.add(name);
  }
  const world = await readCaseWorld(db, site, [...candidates]);
  const records = new Map<Key, Key[]>(cases.map((key) => [key, []]));
  for (const name of candidates) records.get(caseKeyOf(world, name))?.push(name);
  return records;
}

/** Reports, orders and Tasks that name these records, by any of their names. */
async function listLinking(db: Kysely<Database>, site: string, names: readonly Key[]): Promise<Key[]> {
  const keys = names.filter(isRecordName).map((name) => recordKey(site, name));
  const { rows } = await sql<{ name: Key }>`
    select distinct record.type || '/' || record.id as name
    from link join record on record.resource_key = link.source_key
    where link.role = 'about' and record.type in ('DiagnosticReport', 'ServiceRequest', 'MedicationRequest', 'Task')
      and link.target_key = any(array(
        select unnest(${keys}::bigint[]) union select alias_key from alias where resource_key = any(${keys}::bigint[])))`.execute(db);
  return rows.map((row) => row.name);
}
