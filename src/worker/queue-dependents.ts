import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { insertRows } from "../db/bulk-write.ts";
import { withTransaction } from "../db/transaction.ts";
import { anyOf } from "./any-of.ts";

const batchSize = 1_000;

/**
 * Queues everything that depends on what is queued: sources of links to it (by any of its names), whom its AuditEvents and
 * Provenances tell about, parents of its Observations, and what was said about the parts of its reports.
 */
export async function queueDependents(db: Kysely<Database>, siteId: number): Promise<void> {
  for (;;) {
    const unexpanded = await db
      .selectFrom("dirty_record")
      .select("resource_key")
      .where("site_id", "=", siteId)
      .where("expanded", "=", false)
      .limit(batchSize)
      .execute();
    if (unexpanded.length === 0) return;
    await withTransaction(db, async (transaction) => {
      const keys = unexpanded.map((row) => row.resource_key);
      const dependents = await findDependents(transaction, keys);
      await queueExpanded(transaction, siteId, keys, dependents);
    });
  }
}

/** The same where all that is held waits: so does whatever depends on it. */
export async function noteDependentsQueued(db: Kysely<Database>, siteId: number): Promise<void> {
  await db.updateTable("dirty_record").set({ expanded: true }).where("site_id", "=", siteId).where("expanded", "=", false).execute();
}

async function findDependents(db: Kysely<Database>, keys: readonly bigint[]): Promise<bigint[]> {
  const patients = await withOtherNames(db, keys);
  // Records of a patient who is named otherwise now: what was said about them moves with them.
  const followers = await sql<{
    key: bigint;
  }>`select resource_key as key from record where patient_ref = any(${patients}::bigint[])`.execute(db);
  const names = await withOtherNames(db, [...patients, ...followers.rows.map((row) => row.key)]);
  const found = new Set<bigint>();
  // Whoever refers to it; where that is an Observation or a report, what rests on that in turn.
  let targets = names;
  for (let depth = 0; depth < 4 && targets.length > 0; depth += 1) {
    const sources = await sql<{
      source_key: bigint;
      role: string;
    }>`select source_key, role from link where target_key = any(${targets}::bigint[])`.execute(db);
    const next = sources.rows.filter((row) => !found.has(row.source_key));
    for (const row of next) found.add(row.source_key);
    targets = await withOtherNames(
      db,
      next.filter((row) => row.role === "member" || row.role === "part").map((row) => row.source_key),
    );
  }
  const told = await sql<{ key: bigint }>`select coalesce(alias.resource_key, link.target_key) as key from link
    left join alias on alias.alias_key = link.target_key where link.source_key = any(${keys}::bigint[]) and link.role = 'who'`.execute(db);
  // What was said about an Observation or a form is about the reports that name it.
  const parts = await sql<{
    key: bigint;
  }>`select target_key as key from link where source_key = any(${[...names, ...found]}::bigint[]) and role = 'part'`.execute(db);
  const sayers = await sql<{ key: bigint }>`select source_key as key from link
    where target_key = any(${await withOtherNames(
      db,
      parts.rows.map((row) => row.key),
    )}::bigint[]) and role = 'about'`.execute(db);
  return [...found, ...[...told.rows, ...sayers.rows, ...followers.rows].map((row) => row.key)];
}

/** Records with their identifiers, identifiers with what they name. */
async function withOtherNames(db: Kysely<Database>, keys: readonly bigint[]): Promise<bigint[]> {
  if (keys.length === 0) return [];
  const rows = await sql<{ key: bigint }>`select alias_key as key from alias where resource_key = any(${keys}::bigint[])
    union select resource_key from alias where alias_key = any(${keys}::bigint[])`.execute(db);
  return [...new Set([...keys, ...rows.rows.map((row) => row.key)])];
}

/** What depends on them need not be expanded in turn; what was queued for a change of its own still is. */
async function queueExpanded(db: Kysely<Database>, siteId: number, keys: readonly bigint[], dependents: readonly bigint[]): Promise<void> {
  const rows = [...new Set(dependents)].map((resource_key) => ({ resource_key, site_id: siteId, expanded: true }));
  await insertRows(db, "dirty_record", { resource_key: "bigint", site_id: "integer", expanded: "boolean" }, rows, {
    onConflict: "nothing",
  });
  await db.updateTable("dirty_record").set({ expanded: true }).where("resource_key", "=", anyOf(keys)).execute();
}
