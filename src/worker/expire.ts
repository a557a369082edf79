import { sql, type Kysely, type RawBuilder } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import { withTransaction } from "../db/transaction.ts";
import type { Instant } from "../domain/instant.ts";
import { anyOf } from "./any-of.ts";

const versionsAtOnce = 20_000;

interface Dropped {
  readonly resource_key: bigint;
  readonly block_key: bigint;
  readonly source: string;
  readonly type: string;
}

/**
 * Drops every record whose versions all lie before the retention line, with the blocks of their bodies and what they name, and counts it:
 * what this run stored becomes `expired`. A record that anything newer is said of is kept whole. Its care events lie before the
 * line as well, where detection never looks; they go with their month. What a loop is about keeps its name.
 */
export async function expire(db: Kysely<Database>, siteId: number, runId: string, line: Instant): Promise<void> {
  // The copy of orders by who acted: the events themselves go with their month.
  await sql`delete from actor_event where site_id = ${siteId} and at <= ${toTimestamp(line)}::timestamptz`.execute(db);
  // Observations last: those that a report has just gone from are named by nobody.
  for (const which of [sql<boolean>`old.type <> 'Observation'`, isUnnamedObservation]) {
    for (let isMore = true; isMore;) {
      isMore = await withTransaction(db, async (transaction) => {
        const old = await listOld(transaction, siteId, line, which);
        const dropped = await dropVersions(transaction, old);
        await countExpired(transaction, runId, dropped);
        await dropBodies(transaction, dropped);
        await dropRecords(transaction, [...new Set(dropped.map((row) => row.resource_key))]);
        return old.length === versionsAtOnce && dropped.length > 0;
      });
    }
  }
}

interface Old {
  readonly resource_key: bigint;
  readonly version_key: bigint;
  readonly type: string;
}

/**
 * A report that is new may rest on values that are old: as it names them, or by an identifier (`listNamedOtherwise`). Of what has just been
 * read the identifiers are not known yet: it waits for the next scan.
 */
const isUnnamedObservation = sql<boolean>`old.type = 'Observation' and not exists (select from link where link.target_key = old.resource_key)
  and not exists (select from dirty_person where dirty_person.resource_key = old.resource_key)`;

/** Of these records those that something that is held names by another of their names. */
async function listNamedOtherwise(db: Kysely<Database>, keys: readonly bigint[]): Promise<bigint[]> {
  const { rows: names } = await sql<{ alias_key: bigint; resource_key: bigint }>`
    select alias_key, resource_key from alias where resource_key = any(${keys}::bigint[])`.execute(db);
  const { rows: used } = await sql<{ key: bigint }>`
    select distinct target_key as key from link where target_key = any(${names.map((row) => row.alias_key)}::bigint[])`.execute(db);
  const isUsed = new Set(used.map((row) => row.key));
  return names.flatMap(({ alias_key, resource_key }) => (isUsed.has(alias_key) ? [resource_key] : []));
}

/** The versions of a record that straddle two batches go one after the other: what decides is that none is newer than the line. */
async function listOld(db: Kysely<Database>, siteId: number, line: Instant, which: RawBuilder<boolean>): Promise<Old[]> {
  const { rows } = await sql<Old>`
    select old.resource_key, old.version_key, old.type from resource_version as old
    where old.site_id = ${siteId} and old.latest_at <= ${toTimestamp(line)}::timestamptz and ${which}
      and not exists (select from resource_version as newer where newer.resource_key = old.resource_key
        and (newer.latest_at is null or newer.latest_at > ${toTimestamp(line)}::timestamptz))
    order by old.latest_at limit ${versionsAtOnce}`.execute(db);
  return rows;
}

async function dropVersions(db: Kysely<Database>, old: readonly Old[]): Promise<Dropped[]> {
  const observations = old.flatMap(({ type, resource_key }) => (type === "Observation" ? [resource_key] : []));
  const named = new Set(observations.length === 0 ? [] : await listNamedOtherwise(db, observations));
  const gone = old.filter(({ resource_key }) => !named.has(resource_key));
  const { rows } = await sql<Dropped>`
    delete from resource_version as version using unnest(${gone.map((row) => row.resource_key)}::bigint[], ${gone.map((row) => row.version_key)}::bigint[])
      as gone (resource_key, version_key)
    where version.resource_key = gone.resource_key and version.version_key = gone.version_key
    returning version.resource_key, version.block_key, version.source, version.type`.execute(db);
  return rows;
}

async function countExpired(db: Kysely<Database>, runId: string, dropped: readonly Dropped[]): Promise<void> {
  for (const ofFeed of Map.groupBy(dropped, ({ source, type }) => `${source} ${type}`).values()) {
    const [{ source, type } = { source: "", type: "" }] = ofFeed;
    await sql`update run_feed set expired = expired + least(stored, ${ofFeed.length}), stored = stored - least(stored, ${ofFeed.length})
      where run_id = ${runId} and source = ${source} and type = ${type}`.execute(db);
  }
}

async function dropBodies(db: Kysely<Database>, dropped: readonly Dropped[]): Promise<void> {
  const blocks = [...Map.groupBy(dropped, (row) => row.block_key)];
  const keys = blocks.map(([key]) => key);
  await sql`update resource_block set expired = resource_block.expired + gone.count
    from unnest(${keys}::bigint[], ${blocks.map(([, rows]) => rows.length)}::integer[]) as gone (block_key, count)
    where resource_block.block_key = gone.block_key`.execute(db);
  await sql`delete from resource_block where block_key = any(${keys}::bigint[]) and expired >= resources`.execute(db);
}

async function dropRecords(db: Kysely<Database>, dropped: readonly bigint[]): Promise<void> {
  if (dropped.length === 0) return;
  // Of those whose last version went in this batch.
  const { rows: left } = await sql<{ key: bigint }>`
    select distinct resource_key as key from resource_version where resource_key = any(${[...dropped]}::bigint[])`.execute(db);
  const keys = without(dropped, left);
  await db.deleteFrom("link").where("source_key", "=", anyOf(keys)).execute();
  await db.deleteFrom("alias").where("said_by", "=", anyOf(keys)).whereRef("resource_key", "=", "said_by").execute();
  const { rows: subjects } = await sql<{ key: bigint }>`
    select distinct subject_key as key from loop where subject_key = any(${keys}::bigint[])`.execute(db);
  await db
    .deleteFrom("record")
    .where("resource_key", "=", anyOf(without(keys, subjects)))
    .execute();
}

function without(keys: readonly bigint[], rows: readonly { readonly key: bigint }[]): bigint[] {
  const left = new Set(rows.map((row) => row.key));
  return keys.filter((key) => !left.has(key));
}
