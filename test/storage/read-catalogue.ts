import { sql, type Kysely } from "kysely";
import type { Database } from "../../src/db/schema.ts";

/** Big tables by the column that distributes them: what was read by record, what was concluded by patient. */
export const distributionKeys: Readonly<Record<string, string>> = {
  resource_block: "block_key",
  resource_version: "resource_key",
  record: "resource_key",
  link: "target_key",
  alias: "alias_key",
  person_tie: "tie_key",
  person: "resource_key",
  quarantine: "quarantine_key",
  dirty_record: "resource_key",
  dirty_person: "resource_key",
  care_event: "patient_key",
  loop: "patient_key",
  loop_count: "site_id",
  look: "look_id",
  patient_wake: "patient_key",
  dirty_patient: "patient_key",
  closing_seen: "patient_key",
  actor_patient: "actor_key",
  actor_event: "person_key",
  dirty_actor: "person_key",
  review: "patient_key",
};

export interface UniqueIndex {
  readonly table: string;
  readonly name: string;
  readonly firstColumn: string;
}

/** Primary keys and unique indexes, partitions left out, with the column that each begins with. */
export async function listUniqueIndexes(db: Kysely<Database>): Promise<UniqueIndex[]> {
  const { rows } = await sql<UniqueIndex>`select held.relname as "table", ind.relname as name, att.attname as "firstColumn"
    from pg_index join pg_class held on held.oid = indrelid join pg_class ind on ind.oid = indexrelid
    join pg_attribute att on att.attrelid = indrelid and att.attnum = indkey[0]
    where indisunique and not held.relispartition and held.relnamespace = current_schema()::regnamespace order by 1, 2`.execute(db);
  return rows;
}

/** What Citus could not distribute as it stands: triggers, rules, foreign keys and volatile defaults, by table. */
export async function listObstacles(db: Kysely<Database>): Promise<{ table: string; what: string }[]> {
  const { rows } = await sql<{ table: string; what: string }>`
    select tgrelid::regclass::text as "table", 'trigger ' || tgname as what from pg_trigger where not tgisinternal
    union all select ev_class::regclass::text, 'rule ' || rulename from pg_rewrite where rulename <> '_RETURN' and ev_class >= 16384
    union all select conrelid::regclass::text, 'foreign key ' || conname from pg_constraint where contype = 'f'
    union all select adrelid::regclass::text, 'default ' || pg_get_expr(adbin, adrelid) from pg_attrdef
      where adrelid::regclass::text <> 'migration' and exists (select from pg_depend join pg_proc on pg_proc.oid = refobjid
        where classid = 'pg_attrdef'::regclass and objid = pg_attrdef.oid and refclassid = 'pg_proc'::regclass and provolatile <> 'i')
    union all select adrelid::regclass::text, 'default ' || pg_get_expr(adbin, adrelid) from pg_attrdef
      where adrelid::regclass::text <> 'migration' and pg_get_expr(adbin, adrelid) ~* '(now|random|nextval|uuid|current_|localtime|timestamp|clock)'
    order by 1, 2`.execute(db);
  return rows;
}
