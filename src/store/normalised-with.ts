import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { toTimestamp } from "../db/timestamp.ts";
import type { Instant } from "../domain/instant.ts";

/** What normalising rests on, as it is kept. */
export interface KeptContext {
  readonly hash: string;
  /** JSON. */
  readonly text: string;
}

/** What a site was last normalised with, and whether all of it has been. */
export async function findNormalisedWith(
  db: Kysely<Database>,
  siteId: number,
): Promise<{ readonly hash: string; readonly isDone: boolean } | undefined> {
  const row = await db
    .selectFrom("normalised_with")
    .select(["context_hash", sql<boolean>`not exists (select from to_normalise where site_id = ${siteId})`.as("is_done")])
    .where("site_id", "=", siteId)
    .orderBy("number", "desc")
    .limit(1)
    .executeTakeFirst();
  return row && { hash: row.context_hash, isDone: row.is_done };
}

export async function addNormalisedWith(db: Kysely<Database>, siteId: number, { hash, text }: KeptContext, from: Instant): Promise<void> {
  await sql`insert into normalised_with (site_id, number, context_hash, context, in_force_from)
    select ${siteId}::integer, coalesce(max(number), 0) + 1, ${hash}::text, ${text}::jsonb, ${toTimestamp(from)}::timestamptz
    from normalised_with where site_id = ${siteId}`.execute(db);
}

/** Queues every block of bodies, and what was quarantined for one of these reasons. */
export async function queueToNormalise(db: Kysely<Database>, siteId: number, codes: readonly string[]): Promise<void> {
  await sql`insert into to_normalise (site_id, what, key)
    select site_id, 'block', block_key from resource_block where site_id = ${siteId}
    union all select site_id, 'quarantined', quarantine_key from quarantine where site_id = ${siteId} and code = any(${codes}::text[])
    on conflict do nothing`.execute(db);
}

export async function countToNormalise(db: Kysely<Database>, siteId: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::integer as count from to_normalise where site_id = ${siteId}`.execute(db);
  return rows[0]?.count ?? 0;
}
