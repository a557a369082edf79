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
    for (;;) {
      const count = await withTransaction(db, async (transaction) => {
        const dropped = await dropVersions(transaction, siteId, line, which);
        await countExpired(transaction, runId, dropped);
        await dropBodies(transaction, dropped);
        await dropRecords(transaction, [...new Set(dropped.map((row) => row.resource_key))]);
        return dropped.length;
      });
      if (count < versionsAtOnce) break;
    }
  }
}

/** A report that is new may rest on values that are old. */
const isUnnamedObservation = sql<boolean>`old.type = 'Observation' and not exists (
  select from link where link.target_key in (select old.resource_key union all select alias_key from alias where alias.resource_key = old.resource_key))`;

/** The versions of a record that straddle two batches go one after the other: what decides is that none is newer than the line. */
async function dropVersions(db: Kysely<Database>, siteId: number, line: Instant, which: RawBuilder<boolean>): Promise<Dropped[]> {
  const { rows } = await sql<Dropped>`
    delete from resource_version where (resource_key, version_key) in (
      select old.resource_key, old.version_key from resource_version as old
      where old.site_id = ${siteId} and old.latest_at <= ${toTimestamp(line)}::timestamptz and ${which}
        and not exists (select from resource_version as newer where newer.resource_key = old.resource_key
          and (newer.latest_at is null or newer.latest_at > ${toTimestamp(line)}::timestamptz))
      order by old.latest_at limit ${versionsAtOnce})
    returning resource_key, block_key, source, type`.execute(db);
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
  const { rows } = await sql<{ key: bigint }>`
    select key from unnest(${[...dropped]}::bigint[]) as dropped (key)
    where not exists (select from resource_version where resource_key = key)`.execute(db);
  const keys = rows.map((row) => row.key);
  await db.deleteFrom("link").where("source_key", "=", anyOf(keys)).execute();
  await db.deleteFrom("alias").where("said_by", "=", anyOf(keys)).whereRef("resource_key", "=", "said_by").execute();
  await sql`delete from record where resource_key = any(${keys}::bigint[])
    and not exists (select from loop where loop.subject_key = record.resource_key)`.execute(db);
}
