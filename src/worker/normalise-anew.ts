import { createHash } from "node:crypto";
import { zstdDecompressSync } from "node:zlib";
import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { withTransaction } from "../db/transaction.ts";
import type { Facts } from "../domain/facts.ts";
import type { Instant } from "../domain/instant.ts";
import { recordKey } from "../domain/key.ts";
import { normalise, type NormaliseContext, type Normalised } from "../normalise/normalise.ts";
import { refusalCodes } from "../normalise/normalised.ts";
import { addNormalisedWith, countToNormalise, findNormalisedWith, queueToNormalise, type KeptContext } from "../store/normalised-with.ts";
import { writeLatest, type Site } from "../store/site.ts";
import { anyOf } from "./any-of.ts";
import { forgetRecords } from "./forget-records.ts";
import { noteDependentsQueued } from "./queue-dependents.ts";
import { writeNames } from "./queue-records.ts";
import { keepBatch, prepareBatch } from "./store-batch.ts";
import { OpenBatch } from "./open-batch.ts";
import { unpackBatch } from "./pack-batch.ts";
import { namesOf } from "./stored-version.ts";
import { addResource, type Listener } from "./take-in.ts";

/** As many resources as a batch of a pull has, so that pages are served meanwhile. */
const mostResources = 500;
const mostBlocks = 100;
const mostQuarantined = 100;

export interface NormalisingRun {
  readonly site: Site;
  readonly runId: string;
  /** By the process's clock: later times are some system's mistake. */
  readonly startedAt: Instant;
  readonly context: NormaliseContext;
}

/**
 * Where what normalising rests on has changed, takes everything that is held out and in again, as if it were read now,
 * which queues all of it to be related. Safe to kill at any instant: a batch is taken out and in within one transaction, and what
 * is left to do is queued.
 */
export async function normaliseAnew(db: Kysely<Database>, run: NormalisingRun, onProgress: (left: number) => void): Promise<void> {
  const { siteId } = run.site;
  const text = describeContext(run.context);
  const hash = createHash("sha256").update(text).digest("hex");
  const before = await findNormalisedWith(db, siteId);
  if (before?.hash === hash && before.isDone) return;
  if (before?.hash !== hash) await queueAll(db, run, { hash, text });
  let left = await countToNormalise(db, siteId);
  if (left === 0) return;
  onProgress(left);
  for (const next of [normaliseBlocks, normaliseQuarantined]) {
    for (;;) {
      const done = await next(db, run);
      if (done === 0) break;
      left -= done;
      onProgress(left);
    }
  }
  // All that is held is queued by now. This only saves time: it may be lost.
  await noteDependentsQueued(db, siteId);
}

/** Counted up where the program reads more from records than it did, or makes other events of them: then what is held is read and related again. */
const readingsVersion = 3;

function describeContext({ timeZone, foreignBases, machineNames, joiningSystems, mapping }: NormaliseContext): string {
  return JSON.stringify({ timeZone, foreignBases, machineNames, joiningSystems, mapping: mapping.written, readingsVersion });
}

/** What is counted by hour, and the latest time of records, are told again while they are taken in. */
async function queueAll(db: Kysely<Database>, { site, startedAt }: NormalisingRun, context: KeptContext): Promise<void> {
  const { siteId } = site;
  await withTransaction(db, async (transaction) => {
    await addNormalisedWith(transaction, siteId, context, startedAt);
    await queueToNormalise(transaction, siteId, refusalCodes);
    await transaction.deleteFrom("feed_hour").where("site_id", "=", siteId).execute();
    await transaction.deleteFrom("odd_hour").where("site_id", "=", siteId).execute();
    await transaction.deleteFrom("series_judged").where("site_id", "=", siteId).execute();
    // A server's clock stands as it was told.
    await sql`update site set latest_at = null where site_id = ${siteId}
      and not exists (select from source_server where site_id = ${siteId})`.execute(transaction);
  });
}

/** Returns how many blocks were taken out and in again. */
async function normaliseBlocks(db: Kysely<Database>, run: NormalisingRun): Promise<number> {
  const queued = await db
    .selectFrom("to_normalise")
    .select("key")
    .where("site_id", "=", run.site.siteId)
    .where("what", "=", "block")
    .orderBy("key")
    .limit(mostBlocks)
    .execute();
  const queuedKeys = queued.map(({ key }) => key);
  const blocks = await db
    .selectFrom("resource_block")
    .select(["block_key", "resources"])
    .where("block_key", "=", anyOf(queuedKeys))
    .execute();
  const sizeOf = new Map(blocks.map((block) => [block.block_key, block.resources]));
  let resources = 0;
  const keys = queuedKeys.filter((key, place) => (resources += sizeOf.get(key) ?? 0) <= mostResources || place === 0);
  if (keys.length > 0) await withTransaction(db, (transaction) => renewBlocks(transaction, run, keys));
  return keys.length;
}

async function renewBlocks(db: Kysely<Database>, run: NormalisingRun, keys: readonly bigint[]): Promise<void> {
  const blocks = await db.selectFrom("resource_block").select(["block_key", "body"]).where("block_key", "=", anyOf(keys)).execute();
  const bodies = blocks.flatMap(({ block_key, body }) =>
    zstdDecompressSync(body)
      .toString("utf8")
      .split("\n")
      .map((text, place) => normaliseBody(text, `${block_key} ${place}`, run)),
  );
  const records = [...new Set(bodies.flatMap(({ record }) => record ?? []))];
  const { sources, others } = await takeOut(db, keys, records);
  await unqueue(db, run, "block", keys);
  await clearNames(db, records);
  await writeNames(
    db,
    run.site.siteId,
    others.map(({ resourceKey, facts }) => ({ resourceKey, ...namesOf(run.site.name, facts) })),
  );
  const held = bodies.flatMap((body) => ({ ...body, source: sources.get(body.place) ?? "" })).filter(({ source }) => source !== "");
  for (const [source, ofSource] of Map.groupBy(held, (each) => each.source)) {
    await takeIn(db, run, source, (batch, listener) => {
      for (const { resource, text, said } of ofSource)
        addResource(batch, { kind: "resource", file: "held before", line: 0, resource, text }, said, listener);
    });
  }
  const left = await db
    .selectFrom("resource_version")
    .select("resource_key")
    .distinct()
    .where("resource_key", "=", anyOf(records))
    .execute();
  const usable = new Set(left.map((row) => row.resource_key));
  const gone = new Set(held.flatMap(({ record }) => (record === undefined || usable.has(record) ? [] : [record])));
  if (gone.size > 0) await forgetRecords(db, run.site.siteId, [...gone]);
}

interface Body {
  readonly resource: unknown;
  readonly text: string;
  readonly said: Normalised;
  /** Its key: the same whatever it is normalised with. */
  readonly record: bigint | undefined;
  /** Where it stood. */
  readonly place: string;
}

function normaliseBody(text: string, place: string, { site, context }: NormalisingRun): Body {
  const resource: unknown = JSON.parse(text);
  const said = normalise(resource, context);
  const key = said.kind === "skipped" ? undefined : said.key;
  return { resource, text, said, record: key === undefined ? undefined : recordKey(site.name, key), place };
}

/** Takes out blocks and the versions whose bodies stand there; tells their sources by place, and what else is held of the records. */
async function takeOut(
  db: Kysely<Database>,
  blocks: readonly bigint[],
  records: readonly bigint[],
): Promise<{ sources: Map<string, string>; others: { resourceKey: bigint; facts: Facts }[] }> {
  const taken = await db
    .deleteFrom("resource_version")
    .where("resource_key", "=", anyOf(records))
    .where("block_key", "=", anyOf(blocks))
    .returning(["block_key", "place", "source"])
    .execute();
  await db.deleteFrom("resource_block").where("block_key", "=", anyOf(blocks)).execute();
  const others = await db
    .selectFrom("resource_version")
    .select(["resource_key", "facts"])
    .where("resource_key", "=", anyOf(records))
    .execute();
  return {
    sources: new Map(taken.map(({ block_key, place, source }) => [`${block_key} ${place}`, source])),
    others: others.map(({ resource_key, facts }) => ({ resourceKey: resource_key, facts })),
  };
}

/** Takes back what records say of others: links, and names beside references. */
async function clearNames(db: Kysely<Database>, records: readonly bigint[]): Promise<void> {
  await db.deleteFrom("link").where("source_key", "=", anyOf(records)).execute();
  await db.deleteFrom("alias").where("said_by", "=", anyOf(records)).whereRef("resource_key", "<>", "said_by").execute();
}

/** Returns how many quarantined resources were tried again: what can be used now is taken in, of the others the reason is told anew. */
async function normaliseQuarantined(db: Kysely<Database>, run: NormalisingRun): Promise<number> {
  const { siteId } = run.site;
  const queued = await db
    .selectFrom("to_normalise")
    .select("key")
    .where("site_id", "=", siteId)
    .where("what", "=", "quarantined")
    .orderBy("key")
    .limit(mostQuarantined)
    .execute();
  const keys = queued.map(({ key }) => key);
  if (keys.length === 0) return 0;
  await withTransaction(db, async (transaction) => {
    await unqueue(transaction, run, "quarantined", keys);
    const rows = await transaction
      .deleteFrom("quarantine")
      .where("quarantine_key", "=", anyOf(keys))
      .returning(["quarantine_key", "source", "file", "line", "first_run", "body"])
      .execute();
    for (const [source, ofSource] of Map.groupBy(rows, (row) => row.source)) {
      await takeIn(transaction, run, source, (batch, listener) => {
        for (const { file, line, body } of ofSource) {
          const text = zstdDecompressSync(body).toString("utf8");
          const resource: unknown = JSON.parse(text);
          addResource(batch, { kind: "resource", file, line, resource, text }, normalise(resource, run.context), listener);
        }
      });
    }
    for (const [first_run, ofRun] of Map.groupBy(rows, (row) => row.first_run)) {
      const still = ofRun.map((row) => row.quarantine_key);
      await transaction.updateTable("quarantine").set({ first_run }).where("quarantine_key", "=", anyOf(still)).execute();
    }
  });
  return keys.length;
}

async function unqueue(
  db: Kysely<Database>,
  { site }: NormalisingRun,
  what: "block" | "quarantined",
  keys: readonly bigint[],
): Promise<void> {
  await db.deleteFrom("to_normalise").where("site_id", "=", site.siteId).where("what", "=", what).where("key", "=", anyOf(keys)).execute();
}

/** As a pull takes in what it reads, less the counts of a run. */
async function takeIn(
  db: Kysely<Database>,
  { site, runId, startedAt }: NormalisingRun,
  source: string,
  fill: (batch: OpenBatch, listener: Listener) => void,
): Promise<void> {
  const open = new OpenBatch(site.name);
  let latest = -Infinity;
  fill(open, { time: (_, at) => (latest = at <= startedAt ? Math.max(latest, at) : latest) });
  const scope = { siteId: site.siteId, site, source, runId };
  await keepBatch(db, scope, await prepareBatch(db, scope, unpackBatch(open.pack()), "never"));
  if (Number.isFinite(latest)) await writeLatest(db, site.siteId, latest);
}
