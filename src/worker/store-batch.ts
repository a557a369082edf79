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
  const { fresh, known, heldRecords, isHeld } = await tellApart(db, scope, batch.arrivals);
  await storeVersions(db, scope, fresh, isHeld);
  await queueVersions(db, scope, fresh, heldRecords);
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

interface Told {
  /** New, or the better content of a version that is held. */
  readonly fresh: StoredVersion[];
  readonly known: StoredVersion[];
  /** Records of these that are held, with whichever version. */
  readonly heldRecords: ReadonlySet<bigint>;
  /** Whether some content of that very version is held. */
  readonly isHeld: (version: StoredVersion) => boolean;
}

/** Which arrivals are new, and which are held already. What is new can be copied: nobody else writes to the site meanwhile. */
async function tellApart(db: Kysely<Database>, scope: PullScope, arrivals: readonly Arrival[]): Promise<Told> {
  const known: StoredVersion[] = [];
  const best = new Map<string, StoredVersion>();
  for (const version of arrivals.map((arrival) => toStoredVersion(scope.site.name, arrival))) {
    const id = idOf(version.resourceKey, version.versionKey);
    const other = best.get(id);
    const isBetter = other === undefined || isNewer(rankOf(version), rankOf(other));
    if (isBetter) best.set(id, version);
    const worse = isBetter ? other : version;
    if (worse) known.push(worse);
  }
  const keys = [...new Set([...best.values()].map((version) => version.resourceKey))];
  const held = keys.length === 0 ? [] : await readHeld(db, keys);
  const heldVersions = new Set<string>();
  for (const row of held) {
    if (row.version_key === null) continue;
    const id = idOf(row.resource_key, row.version_key);
    heldVersions.add(id);
    const version = best.get(id);
    if (!version || isNewer(rankOf(version), { lastUpdated: row.last_updated ?? -Infinity, contentHash: row.content_hash ?? "" })) continue;
    best.delete(id);
    known.push(version);
  }
  return {
    fresh: [...best.values()],
    known,
    heldRecords: new Set(held.map((row) => row.resource_key)),
    isHeld: ({ resourceKey, versionKey }) => heldVersions.has(idOf(resourceKey, versionKey)),
  };
}

function idOf(resourceKey: bigint, versionKey: bigint): string {
  return `${String(resourceKey)} ${String(versionKey)}`;
}

/** A record whose versions have all expired is held all the same. */
function readHeld(db: Kysely<Database>, keys: readonly bigint[]) {
  return db
    .selectFrom("record")
    .leftJoin("resource_version as version", "version.resource_key", "record.resource_key")
    .select(["record.resource_key", "version.version_key", "version.last_updated", "version.content_hash"])
    .where("record.resource_key", "=", anyOf(keys))
    .execute();
}
