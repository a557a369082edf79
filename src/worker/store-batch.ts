import type { Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { withTransaction } from "../db/transaction.ts";
import { anyOf } from "./any-of.ts";
import { addCount, countHours, writeCounts, type CountsByType } from "./count-feeds.ts";
import type { PullScope } from "./pull-scope.ts";
import { queueVersions } from "./queue-records.ts";
import { storeRefusals, type Refusal } from "./store-refusals.ts";
import { storeVersions } from "./store-versions.ts";
import { isNewer, rankOf, toStoredVersion, type Arrival, type StoredVersion } from "./stored-version.ts";

export interface Batch {
  readonly arrivals: readonly Arrival[];
  readonly refusals: readonly Refusal[];
  /** Resources of types that nothing uses, by type. */
  readonly skipped: ReadonlyMap<string, number>;
}

/** Stores one batch with its counts, links and queue entries in one transaction: all of it or nothing. */
export async function storeBatch(db: Kysely<Database>, scope: PullScope, batch: Batch): Promise<void> {
  await withTransaction(db, async (transaction) => {
    const { fresh, known } = await keepBatch(transaction, scope, batch);
    await writeCounts(transaction, scope, countBatch(fresh, known, batch));
  });
}

/** The same within a transaction, counted in no run: what is kept anew was read before. */
export async function keepBatch(
  db: Kysely<Database>,
  scope: PullScope,
  batch: Batch,
): Promise<{ fresh: StoredVersion[]; known: StoredVersion[] }> {
  const { fresh, known } = await tellApart(db, scope, batch.arrivals);
  await storeVersions(db, scope, fresh);
  await queueVersions(db, scope, fresh);
  const refused = await storeRefusals(db, scope, batch.refusals);
  await countHours(db, scope, fresh, refused);
  return { fresh, known };
}

function countBatch(fresh: readonly StoredVersion[], known: readonly StoredVersion[], batch: Batch): CountsByType {
  const counts: CountsByType = new Map();
  for (const { facts } of fresh) addCount(counts, facts.type, "stored");
  for (const { facts } of known) addCount(counts, facts.type, "duplicate");
  for (const { type } of batch.refusals) addCount(counts, type ?? "unreadable", "quarantined");
  for (const [type, number] of batch.skipped) addCount(counts, type, "skipped", number);
  return counts;
}

/** Which arrivals are new (or the better content of a version that is held), and which are held already. */
async function tellApart(
  db: Kysely<Database>,
  scope: PullScope,
  arrivals: readonly Arrival[],
): Promise<{ fresh: StoredVersion[]; known: StoredVersion[] }> {
  const known: StoredVersion[] = [];
  const best = new Map<string, StoredVersion>();
  for (const version of arrivals.map((arrival) => toStoredVersion(scope.site.name, arrival))) {
    const id = `${String(version.resourceKey)} ${String(version.versionKey)}`;
    const other = best.get(id);
    const isBetter = other === undefined || isNewer(rankOf(version), rankOf(other));
    if (isBetter) best.set(id, version);
    const worse = isBetter ? other : version;
    if (worse) known.push(worse);
  }
  if (best.size === 0) return { fresh: [], known };
  const keys = [...new Set([...best.values()].map((version) => version.resourceKey))];
  const held = await db
    .selectFrom("resource_version")
    .select(["resource_key", "version_key", "last_updated", "content_hash"])
    .where("resource_key", "=", anyOf(keys))
    .execute();
  for (const row of held) {
    const id = `${String(row.resource_key)} ${String(row.version_key)}`;
    const version = best.get(id);
    if (!version || isNewer(rankOf(version), { lastUpdated: row.last_updated ?? -Infinity, contentHash: row.content_hash })) continue;
    best.delete(id);
    known.push(version);
  }
  return { fresh: [...best.values()], known };
}
