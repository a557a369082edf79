import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";

/** How many records of a type from a source there are, and how many of them carry what signals rest on. */
export interface Populated {
  readonly source: string;
  readonly type: "AuditEvent" | "Task" | "DiagnosticReport";
  readonly records: number;
  /** By what they carry. */
  readonly shares: Readonly<Record<string, number>>;
}

/** What share of audit events, Tasks and reports is populated, by source. Reports are told from notes once related. */
export async function listPopulated(db: Kysely<Database>, siteId: number): Promise<Populated[]> {
  const audits = await sql<{ source: string; records: number; person: number; patient: number; known: number }>`select source,
      count(distinct resource_key)::integer as records,
      count(distinct resource_key) filter (where said -> 'actor' ->> 'kind' = 'human')::integer as person,
      count(distinct resource_key) filter (where said -> 'patient' is not null)::integer as patient,
      count(distinct resource_key) filter (where said ->> 'operation' <> 'other' or said -> 'lifecycle' is not null)::integer as known
    from resource_version cross join lateral (select facts::jsonb as said offset 0) as parsed where site_id = ${siteId} and type = 'AuditEvent' group by source order by source`.execute(
    db,
  );
  const tasks = await sql<{ source: string; records: number; due: number; owner: number }>`select source,
      count(distinct resource_key)::integer as records,
      count(distinct resource_key) filter (where facts -> 'due' is not null)::integer as due,
      count(distinct resource_key) filter (where facts -> 'owner' is not null)::integer as owner
    from resource_version where site_id = ${siteId} and type = 'Task' group by source order by source`.execute(db);
  const reports = await sql<{ source: string; records: number; results: number }>`select source,
      count(distinct resource_key)::integer as records,
      count(distinct resource_key) filter (where exists (select 1 from care_event where saying_key = resource_key
        and activity in ('result.preliminary', 'result.issued', 'result.amended')))::integer as results
    from resource_version where site_id = ${siteId} and type = 'DiagnosticReport' group by source order by source`.execute(db);
  return [
    ...audits.rows.map(({ source, records, ...shares }) => ({
      source,
      type: "AuditEvent" as const,
      records,
      shares: { person: shares.person, patient: shares.patient, "known activity": shares.known },
    })),
    ...tasks.rows.map(({ source, records, ...shares }) => ({
      source,
      type: "Task" as const,
      records,
      shares: { "due date": shares.due, owner: shares.owner },
    })),
    ...reports.rows.map(({ source, records, results }) => ({
      source,
      type: "DiagnosticReport" as const,
      records,
      shares: { "a result": results },
    })),
  ];
}

/** Care events for which no patient could be found. */
export async function countUnplaced(db: Kysely<Database>, siteId: number): Promise<number> {
  const { rows } = await sql<{
    count: number;
  }>`select count(*)::integer as count from care_event where patient_key = 0 and site_id = ${siteId}`.execute(db);
  return rows[0]?.count ?? 0;
}

/** An identifier that so many records bear that it names nobody. */
export interface CrowdedIdentifier {
  readonly type: string;
  readonly system: string;
  readonly bearers: number;
  /** Some of the records; never the identifier's own value, which may be a patient's number. */
  readonly some: readonly string[];
}

/** More ids than this on one identifier join none (`design.md`, Identity). */
const mostIdsOfOnePerson = 5;

export async function listCrowdedIdentifiers(db: Kysely<Database>, siteId: number): Promise<CrowdedIdentifier[]> {
  const { rows } = await sql<CrowdedIdentifier>`with crowded as (
      select tie_key from person_tie where site_id = ${siteId} and identifier group by tie_key having count(distinct resource_key) > ${mostIdsOfOnePerson}),
    bearing as (
      select distinct record.type, record.id, given ->> 'system' as system, given ->> 'key' as name
      from resource_version join record using (resource_key), json_array_elements(facts -> 'identifiers') as given
      where resource_key in (select resource_key from person_tie where tie_key in (select tie_key from crowded)) and (given ->> 'joins')::boolean)
    select type, system, count(*)::integer as bearers, (array_agg(type || '/' || id order by id))[1:3] as some
    from bearing group by type, system, name having count(*) > ${mostIdsOfOnePerson} order by type, system, bearers desc`.execute(db);
  return rows;
}

/** Two sources that give different contents for one id. */
export interface Clash {
  readonly one: string;
  readonly other: string;
  readonly type: string;
  readonly records: number;
  readonly some: readonly string[];
}

/** Records of which two sources hold different contents: one site holds what belongs in two, or the two should be mirrors. */
export async function listClashes(db: Kysely<Database>, siteId: number): Promise<Clash[]> {
  const { rows } = await sql<Clash>`with shared as (
      select resource_key from resource_version where site_id = ${siteId}
      group by resource_key having count(distinct source) > 1 and count(distinct content_hash) > 1),
    pair as (
      select distinct a.source as one, b.source as other, record.type, record.id
      from resource_version a join resource_version b on b.resource_key = a.resource_key and a.source < b.source and a.content_hash <> b.content_hash
      join record on record.resource_key = a.resource_key where a.resource_key in (select resource_key from shared))
    select one, other, type, count(*)::integer as records, (array_agg(type || '/' || id order by id))[1:3] as some
    from pair group by one, other, type order by one, other, type`.execute(db);
  return rows;
}
