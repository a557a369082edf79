import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { withTransaction } from "../db/transaction.ts";
import type { Activity } from "../domain/activity.ts";
import { listWanted, missingOf, type Wanted } from "../domain/wanted.ts";
import { sayersOf, type Sayers } from "../relate/sayers.ts";
import { queueEveryActor } from "./detect-actors.ts";

/** Which care events are made at a site, and which of them are copied by who did them. */
export interface AskedFor {
  readonly siteId: number;
  readonly wanted: Wanted;
  readonly copied: ReadonlySet<Activity>;
  /** Everything that is held is related anew; absent: what waits, and what may say care events that are asked for for the first time. */
  readonly everything?: boolean;
}

/**
 * Queues everything that is held, so that all of it is related anew. What then says the same as it did is not written again; the
 * copies by actor are made anew with all of it, for they hang on the signals too.
 */
export async function queueEverything(db: Kysely<Database>, siteId: number): Promise<void> {
  await withTransaction(db, async (transaction) => {
    await sql`insert into dirty_person (resource_key, site_id) select resource_key, site_id from record
      where site_id = ${siteId} and type not in ('AuditEvent', 'Provenance') on conflict do nothing`.execute(transaction);
    await sql`insert into dirty_record (resource_key, site_id, expanded) select resource_key, site_id, true from record where site_id = ${siteId} on conflict do nothing`.execute(
      transaction,
    );
    await forgetCopies(transaction, siteId);
  });
}

/**
 * Takes down which care events are made from now on, and queues whatever may say those that were not made so far. Where nothing was
 * related yet but what arrived, nothing is missing: that says nothing but what is made whatever runs, and the rest waits.
 * @returns whether that was everything that is held
 */
export async function queueAskedFor(db: Kysely<Database>, { siteId, wanted, copied, everything = false }: AskedFor): Promise<boolean> {
  const { related_for } = await db.selectFrom("site").select("related_for").where("site_id", "=", siteId).executeTakeFirstOrThrow();
  const asked = listWanted(wanted, copied);
  if (!everything && JSON.stringify(related_for) === JSON.stringify(asked)) return false;
  const missing = missingOf(asked, related_for ?? asked);
  return withTransaction(db, async (transaction) => {
    await transaction
      .updateTable("site")
      .set({ related_for: JSON.stringify(asked) })
      .where("site_id", "=", siteId)
      .execute();
    const activities = new Set([...missing.activities, ...(missing.isCopied ? copied : [])]);
    const sayers = [...activities].map(sayersOf);
    if (everything || sayers.includes(undefined)) {
      await queueEverything(transaction, siteId);
      return true;
    }
    // What was copied for other signals than now may be old: all of it is made anew.
    if (missing.isCopied) await forgetCopies(transaction, siteId);
    await queueSayers(
      transaction,
      siteId,
      sayers.flatMap((each) => each ?? []),
    );
    return false;
  });
}

/** What depends on them looks at the same as before. */
async function queueSayers(db: Kysely<Database>, siteId: number, sayers: readonly Sayers[]): Promise<void> {
  const types = sayers.filter(({ telling }) => telling === undefined).map(({ type }) => type);
  if (types.length > 0) {
    await sql`insert into dirty_record (resource_key, site_id, expanded) select resource_key, site_id, true from record
      where site_id = ${siteId} and type = any(${types}::text[]) on conflict do nothing`.execute(db);
  }
  for (const { type, telling = {} } of sayers) {
    for (const [name, said] of Object.entries(telling)) {
      await sql`insert into dirty_record (resource_key, site_id, expanded) select distinct resource_key, site_id, true from resource_version
        where site_id = ${siteId} and type = ${type} and facts ->> ${name} = ${said} on conflict do nothing`.execute(db);
    }
  }
}

async function forgetCopies(db: Kysely<Database>, siteId: number): Promise<void> {
  await queueEveryActor(db, siteId);
  await db.deleteFrom("actor_event").where("site_id", "=", siteId).execute();
}
