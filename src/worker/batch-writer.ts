import type { Kysely } from "kysely";
import { besideTransactions } from "../db/beside.ts";
import type { Database } from "../db/schema.ts";
import { withTransaction } from "../db/transaction.ts";
import { followGrowth } from "./housekeeping.ts";
import { unpackBatch, type PackedBatch } from "./pack-batch.ts";
import type { PullScope } from "./pull-scope.ts";
import {
  asksForNothingElse,
  changesNothingElse,
  isEmpty,
  prepareBatch,
  settleFor,
  writeBatch,
  type Batch,
  type PreparedBatch,
} from "./store-batch.ts";

/**
 * Stores a batch, if there is one, and in the same transaction what `also` writes: all of it or nothing, in the order in which it was given. Of a run of
 * which something could not be written nothing more is: what comes behind may say that what was before it is there.
 */
export type BatchWriter = (batch: PackedBatch | undefined, also?: (db: Kysely<Database>) => Promise<void>) => Promise<void>;

interface Waiting {
  readonly scope: PullScope;
  /** As it came: as objects it would be copied about by the collector while it waits. */
  readonly batch: PackedBatch | undefined;
  readonly also: ((db: Kysely<Database>) => Promise<void>) | undefined;
  readonly done: PromiseWithResolvers<undefined>;
}

/** What is stored together. */
interface Group {
  readonly scope: PullScope;
  readonly batch: Batch;
  readonly parts: readonly Waiting[];
  /** Of its records. */
  readonly keys: ReadonlySet<bigint>;
}

/** A transaction stays short, so that pages are served while it runs. */
const mostAtOnce = 1_000;
/** Less is not looked up ahead: what comes meanwhile is better stored together with it. */
const worthAhead = mostAtOnce / 2;

/** Of each database, by site. */
const lines = new WeakMap<Kysely<Database>, Map<number, (waiting: Waiting) => void>>();

/**
 * The one who writes for all of a site that is read side by side: two at once would store the same record in another order, and
 * wait for each other. What comes while it writes is stored together, as the next transaction.
 */
export function openBatchWriter(db: Kysely<Database>, scope: PullScope): BatchWriter {
  const ofSites = lines.get(db) ?? new Map<number, (waiting: Waiting) => void>();
  const addToLine = ofSites.get(scope.siteId) ?? openLine(db);
  lines.set(db, ofSites.set(scope.siteId, addToLine));
  return (batch, also) => {
    const done = Promise.withResolvers<undefined>();
    addToLine({ scope, batch, also, done });
    return done.promise;
  };
}

/** So many are made ready while one is written. */
const mostAhead = 2;

/**
 * While one group is written, what the next ones need is looked up: the database and we work at once. That is right where none that is
 * not yet written changes anything that they may look at, or holds any of their records.
 */
function openLine(db: Kysely<Database>): (waiting: Waiting) => void {
  const waiting: Waiting[] = [];
  let isWriting = false;
  let onChange = (): void => undefined;
  const failedRuns = new Set<string>();
  /** The last run of which something was related as it arrived. */
  let relatedRun: string | undefined;
  const beside = besideTransactions(db);

  async function writeWaiting(): Promise<void> {
    isWriting = true;
    /** In the order in which they are written. */
    const unwritten: { readonly group: Group; readonly written: Promise<void> }[] = [];
    /** Of the last that was prepared with nothing unwritten before it, unless one since unsettles something: an empty group passes it on. */
    let isSettled = false;
    for (;;) {
      const last = unwritten.at(-1)?.written;
      const group = last && (await takeBefore(last));
      if (last && !(group && unwritten.every((before) => isApart(before.group, group, isSettled)))) await last;
      const next = group ?? takeTogether(waiting);
      if (next === undefined) break;
      const isAhead = unwritten.length > 0;
      const prepared = prepare(next, isAhead);
      const written = settle(next, write(next, prepared, last)).then(() => void unwritten.shift());
      unwritten.push({ group: next, written });
      isSettled = await prepared.then(
        (ready) => (isAhead ? isSettled && changesNothingElse(next.batch) : ready.isSettled),
        () => false,
      );
      if (unwritten.length > mostAhead) await unwritten[0]?.written;
    }
    isWriting = false;
  }

  /** What there is to be looked up, as soon as that is much; nothing where all has been written by then. */
  async function takeBefore(written: Promise<void>): Promise<Group | undefined> {
    const end = written.then(() => true);
    while (sizeOf(waiting) < worthAhead) {
      const change = new Promise<false>((resolve) => (onChange = () => resolve(false)));
      if (await Promise.race([end, change])) return undefined;
    }
    return takeTogether(waiting);
  }

  /** @param isAhead whether something is not yet written: it is settled for this one */
  async function prepare({ scope, batch }: Group, isAhead: boolean): Promise<PreparedBatch> {
    if (!isEmpty(batch)) await followGrowth(beside);
    if (!isAhead) await settleFor(db, scope, batch, relatedRun !== scope.runId);
    return prepareBatch(beside, scope, batch, isAhead ? "settled" : "if settled");
  }

  async function write({ scope, parts }: Group, prepared: Promise<PreparedBatch>, before: Promise<void> | undefined): Promise<void> {
    try {
      await before;
      const ready = await prepared;
      if (failedRuns.has(scope.runId)) throw new Error("Nothing more is written of a run of which something could not be.");
      if (ready.related) relatedRun = scope.runId;
      await withTransaction(db, async (transaction) => {
        await writeBatch(transaction, scope, ready);
        for (const { also } of parts) await also?.(transaction);
      });
    } catch (error) {
      failedRuns.add(scope.runId);
      throw error;
    }
  }

  return (item) => {
    waiting.push(item);
    onChange();
    if (!isWriting) void writeWaiting();
  };
}

async function settle({ parts }: Group, written: Promise<void>): Promise<void> {
  try {
    await written;
    for (const { done } of parts) done.resolve(undefined);
  } catch (error) {
    for (const { done } of parts) done.reject(error);
  }
}

/** The first that waits, with what follows of the same source. */
function takeTogether(waiting: Waiting[]): Group | undefined {
  const [first] = waiting;
  if (first === undefined) return undefined;
  let size = 0;
  const count = waiting.findIndex((each, place) => {
    size += sizeOf([each]);
    return place > 0 && (size > mostAtOnce || each.scope.source !== first.scope.source || each.scope.runId !== first.scope.runId);
  });
  const parts = waiting.splice(0, count === -1 ? waiting.length : count);
  const batch = joinBatches(parts.flatMap((part) => part.batch ?? []).map(unpackBatch));
  return { scope: first.scope, batch, parts, keys: new Set(batch.arrivals.map(({ resourceKey }) => resourceKey)) };
}

function sizeOf(waiting: readonly Waiting[]): number {
  return waiting.reduce((sum, { batch }) => sum + (batch === undefined ? 0 : batch.types.length + batch.refusals.length), 0);
}

/** @param isSettled whether nothing waits that bears on what is related as it arrives */
function isApart(before: Group, { batch: next }: Group, isSettled: boolean): boolean {
  if (!asksForNothingElse(next) && !(isSettled && changesNothingElse(before.batch))) return false;
  return !next.arrivals.some(({ resourceKey }) => before.keys.has(resourceKey));
}

function joinBatches(batches: readonly Batch[]): Batch {
  const [only] = batches;
  if (batches.length === 1 && only) return only;
  const skipped = new Map<string, number>();
  for (const batch of batches) for (const [type, count] of batch.skipped) skipped.set(type, (skipped.get(type) ?? 0) + count);
  return {
    arrivals: batches.flatMap(({ arrivals }) => arrivals),
    refusals: batches.flatMap(({ refusals }) => refusals),
    skipped,
  };
}
