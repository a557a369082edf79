import type { Kysely, Selectable } from "kysely";
import type { Database } from "../db/schema.ts";
import { withTransaction } from "../db/transaction.ts";
import { anyOf } from "./any-of.ts";
import { addCount, countHours, writeCounts, type CountsByType } from "./count-feeds.ts";
import type { PullScope } from "./pull-scope.ts";
import { followGrowth } from "./housekeeping.ts";
import { queueVersions } from "./queue-records.ts";
import { isSettled, relateArrivals, settleBefore, writeArrivals } from "./relate-arrivals.ts";
import type { Related } from "./related-record.ts";
import { storeRefusals, type Refusal } from "./store-refusals.ts";
import { storeVersions } from "./store-versions.ts";
import { isNewer, type StoredVersion } from "./stored-version.ts";

export interface Batch {
  readonly arrivals: readonly StoredVersion[];
  readonly refusals: readonly Refusal[];
  /** Resources of types that nothing uses, by type. */
  readonly skipped: ReadonlyMap<string, number>;
}

/** To be called before the transaction that stores a batch: there may be much to do, in transactions of its own. */
export async function settleFor(db: Kysely<Database>, scope: PullScope, { arrivals }: Batch): Promise<void> {
  await followGrowth(db);
  if (!arrivals.some(({ type }) => type === "AuditEvent")) return;
  await settleBefore(db, { siteId: scope.siteId, name: scope.site.name });
}

/**
 * Stores one batch with its counts, links and queue entries in one transaction: all of it or nothing. New AuditEvents about
 * what is held are related at once, and written once: most of what is read is that.
 */
export async function storeBatch(db: Kysely<Database>, scope: PullScope, batch: Batch): Promise<void> {
  if (!db.isTransaction) await settleFor(db, scope, batch);
  await withTransaction(db, async (transaction) => {
    const { fresh, known } = await keepBatch(transaction, scope, batch, true);
    await writeCounts(transaction, scope, countBatch(fresh, known, batch));
  });
}

/** The same within a transaction, counted in no run: what is kept anew was read before. */
export async function keepBatch(
  db: Kysely<Database>,
  scope: PullScope,
  batch: Batch,
  relating = false,
): Promise<{ fresh: StoredVersion[]; known: StoredVersion[] }> {
  const { fresh, known, heldRecords, isHeld } = await tellApart(db, batch.arrivals);
  const related = relating ? await relateNew(db, scope, fresh, heldRecords) : new Map<bigint, Related>();
  await storeVersions(db, scope, fresh, isHeld);
  await writeArrivals(db, scope.siteId, [...related.values()]);
  await queueVersions(db, scope, fresh, { held: heldRecords, related });
  const refused = await storeRefusals(db, scope, batch.refusals);
  await countHours(db, scope, fresh, refused);
  return { fresh, known };
}

async function relateNew(
  db: Kysely<Database>,
  scope: PullScope,
  fresh: readonly StoredVersion[],
  heldRecords: ReadonlySet<bigint>,
): Promise<Map<bigint, Related>> {
  const single = new Map<bigint, StoredVersion | undefined>();
  for (const version of fresh) single.set(version.resourceKey, single.has(version.resourceKey) ? undefined : version);
  const audits = [...single.values()].filter((version) => version && !heldRecords.has(version.resourceKey) && version.standsAlone);
  if (audits.length === 0 || !(await isSettled(db, scope.siteId))) return new Map();
  return relateArrivals(
    db,
    { siteId: scope.siteId, name: scope.site.name },
    audits.filter((version) => version !== undefined),
  );
}

function countBatch(fresh: readonly StoredVersion[], known: readonly StoredVersion[], batch: Batch): CountsByType {
  const counts: CountsByType = new Map();
  for (const { type } of fresh) addCount(counts, type, "stored");
  for (const { type } of known) addCount(counts, type, "duplicate");
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
async function tellApart(db: Kysely<Database>, arrivals: readonly StoredVersion[]): Promise<Told> {
  const known: StoredVersion[] = [];
  const best = new Map<string, StoredVersion>();
  for (const version of arrivals) {
    const id = idOf(version.resourceKey, version.versionKey);
    const other = best.get(id);
    const isBetter = other === undefined || isNewer(version, other);
    if (isBetter) best.set(id, version);
    const worse = isBetter ? other : version;
    if (worse) known.push(worse);
  }
  const keys = [...new Set([...best.values()].map((version) => version.resourceKey))];
  const held = await readHeld(db, keys);
  const heldVersions = new Set<string>();
  for (const row of held.versions) {
    const id = idOf(row.resource_key, row.version_key);
    heldVersions.add(id);
    const version = best.get(id);
    if (!version || isNewer(version, { lastUpdated: row.last_updated ?? -Infinity, contentHash: row.content_hash })) continue;
    best.delete(id);
    known.push(version);
  }
  return {
    fresh: [...best.values()],
    known,
    heldRecords: held.records,
    isHeld: ({ resourceKey, versionKey }) => heldVersions.has(idOf(resourceKey, versionKey)),
  };
}

function idOf(resourceKey: bigint, versionKey: bigint): string {
  return `${String(resourceKey)} ${String(versionKey)}`;
}

interface Held {
  readonly records: ReadonlySet<bigint>;
  readonly versions: readonly Pick<
    Selectable<Database["resource_version"]>,
    "resource_key" | "version_key" | "last_updated" | "content_hash"
  >[];
}

/** A record whose versions have all expired is held all the same. Most records of a batch are new, and have none to be looked for. */
async function readHeld(db: Kysely<Database>, keys: readonly bigint[]): Promise<Held> {
  const rows = await db.selectFrom("record").select("resource_key").where("resource_key", "=", anyOf(keys)).execute();
  const records = new Set(rows.map((row) => row.resource_key));
  if (records.size === 0) return { records, versions: [] };
  const versions = await db
    .selectFrom("resource_version")
    .select(["resource_key", "version_key", "last_updated", "content_hash"])
    .where("resource_key", "=", anyOf([...records]))
    .execute();
  return { records, versions };
}
