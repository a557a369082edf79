import type { Kysely, Selectable } from "kysely";
import type { Database } from "../db/schema.ts";
import { together } from "../db/together.ts";
import { addWritten } from "./add-events.ts";
import { anyOf } from "./any-of.ts";
import { addCount, countHours, writeCounts, type CountsByType } from "./count-feeds.ts";
import type { PullScope } from "./pull-scope.ts";
import { queueVersions } from "./queue-records.ts";
import { hasSettled, relateArrivals, settleBefore, writeArrivals, type RelatedArrivals } from "./relate-arrivals.ts";
import { storeRefusals, type Refusal } from "./store-refusals.ts";
import { storeVersions, prepareVersions, type PreparedVersions } from "./store-versions.ts";
import { isNewer, type StoredVersion } from "./stored-version.ts";

export interface Batch {
  readonly arrivals: readonly StoredVersion[];
  readonly refusals: readonly Refusal[];
  /** Resources of types that nothing uses, by type. */
  readonly skipped: ReadonlyMap<string, number>;
}

/** A batch with all that its writing needs to know. */
export interface PreparedBatch extends Told {
  readonly batch: Batch;
  readonly versions: PreparedVersions;
  readonly related: RelatedArrivals | undefined;
  /** Whether nothing waited that could queue again what was related. */
  readonly isSettled: boolean;
}

export function isEmpty({ arrivals, refusals, skipped }: Batch): boolean {
  return arrivals.length + refusals.length + skipped.size === 0;
}

/**
 * To be called before a batch is prepared: there may be much to do, in transactions of its own.
 * @param isUnrelated whether nothing that this run has written was related as it arrived
 */
export async function settleFor(db: Kysely<Database>, scope: PullScope, batch: Batch, isUnrelated: boolean): Promise<void> {
  if (asksForNothingElse(batch)) return;
  await settleBefore(db, { siteId: scope.siteId, name: scope.site.name }, isUnrelated && (await isFirstRun(db, scope)));
}

/** Whether nothing can have been related before this run, nor has been since by what waits. */
async function isFirstRun(db: Kysely<Database>, { siteId, runId }: PullScope): Promise<boolean> {
  const other = db.selectFrom("run").select("run_id").where("site_id", "=", siteId).where("run_id", "<>", runId);
  const site = db.selectFrom("site").select("site_id").where("site_id", "=", siteId).where("related_for", "is", null);
  return (await site.where((of) => of.not(of.exists(other))).executeTakeFirst()) !== undefined;
}

/**
 * Whether storing it leaves as it is all that others look at: it holds AuditEvents alone, and these give nothing another name. What
 * those tell of a Task or an order is looked at by these alone.
 */
export function changesNothingElse({ arrivals }: Batch): boolean {
  return arrivals.every(({ type, aliases, mayJoinPeople }) => type === "AuditEvent" && aliases.length === 0 && !mayJoinPeople);
}

/** Whether all that is looked up for it are its own records: nothing of it is related as it arrives. */
export function asksForNothingElse({ arrivals }: Batch): boolean {
  return arrivals.every(({ type }) => type !== "AuditEvent");
}

/**
 * Looks up what is new, and relates new AuditEvents about what is held: most of what is read is that, and so it is written once.
 * Nothing is written yet: nobody else writes to the site meanwhile.
 * @param relating never, or where nothing waits that could queue them again; `settled`: nothing does
 */
export async function prepareBatch(
  db: Kysely<Database>,
  scope: PullScope,
  batch: Batch,
  relating: "never" | "if settled" | "settled",
): Promise<PreparedBatch> {
  const told = await tellApart(db, batch.arrivals);
  const audits = relating === "never" ? [] : findNewAudits(told);
  const isSettled = relating === "settled" || (relating === "if settled" && !isEmpty(batch) && (await hasSettled(db, scope.siteId)));
  const [versions, related] = await Promise.all([
    prepareVersions(scope, told.fresh, told.isHeld),
    isSettled ? relateArrivals(db, { siteId: scope.siteId, name: scope.site.name }, audits) : undefined,
  ]);
  return { ...told, batch, versions, related, isSettled };
}

/** Those that are the only version of theirs. */
function findNewAudits({ fresh, heldRecords }: Told): StoredVersion[] {
  const single = new Map<bigint, StoredVersion | undefined>();
  for (const version of fresh) single.set(version.resourceKey, single.has(version.resourceKey) ? undefined : version);
  return [...single.values()].filter(
    (version) => version?.standsAlone === true && !heldRecords.has(version.resourceKey),
  ) as StoredVersion[];
}

/** Writes a batch with its counts, links and queue entries: in one transaction, all of it or nothing. */
export async function writeBatch(db: Kysely<Database>, scope: PullScope, prepared: PreparedBatch): Promise<void> {
  await together([writeCounts(db, scope, countBatch(prepared)), writeAllButEvents(db, scope, prepared)]);
  await writeEvents(db, prepared);
}

/** The same, counted in no run: what is kept anew was read before. */
export async function keepBatch(db: Kysely<Database>, scope: PullScope, prepared: PreparedBatch): Promise<void> {
  await writeAllButEvents(db, scope, prepared);
  await writeEvents(db, prepared);
}

async function writeAllButEvents(db: Kysely<Database>, scope: PullScope, prepared: PreparedBatch): Promise<void> {
  if (isEmpty(prepared.batch)) return;
  const { batch, versions, fresh, heldRecords, related } = prepared;
  await together([
    storeVersions(db, versions),
    ...(related ? [writeArrivals(db, scope.siteId, related)] : []),
    queueVersions(db, scope, fresh, { held: heldRecords, related: related?.keys ?? new Set() }),
    storeRefusals(db, scope, batch.refusals).then((refused) => countHours(db, scope, fresh, refused)),
  ]);
}

/** When nothing else of the transaction is under way: it may have to be done again. */
async function writeEvents(db: Kysely<Database>, { related }: PreparedBatch): Promise<void> {
  if (related) await addWritten(db, related.events, related.again);
}

function countBatch({ fresh, known, batch }: PreparedBatch): CountsByType {
  const counts: CountsByType = new Map();
  for (const [type, number] of countTypes(fresh)) addCount(counts, type, "stored", number);
  for (const [type, number] of countTypes(known)) addCount(counts, type, "duplicate", number);
  for (const { type } of batch.refusals) addCount(counts, type ?? "unreadable", "quarantined");
  for (const [type, number] of batch.skipped) addCount(counts, type, "skipped", number);
  return counts;
}

function countTypes(versions: readonly StoredVersion[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { type } of versions) counts.set(type, (counts.get(type) ?? 0) + 1);
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
    isHeld: ({ resourceKey, versionKey }) => heldVersions.size > 0 && heldVersions.has(idOf(resourceKey, versionKey)),
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
  if (keys.length === 0) return { records: new Set(), versions: [] };
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
