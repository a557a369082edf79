import type { Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { withTransaction } from "../db/transaction.ts";
import type { PullScope } from "./pull-scope.ts";
import { settleFor, storeBatch, type Batch } from "./store-batch.ts";

/** Stores a batch, and in the same transaction what `also` writes: all of it or nothing. */
export type PageWriter = (batch: Batch, also?: (db: Kysely<Database>) => Promise<void>) => Promise<void>;

interface Waiting {
  readonly batch: Batch;
  readonly also: ((db: Kysely<Database>) => Promise<void>) | undefined;
  readonly done: PromiseWithResolvers<undefined>;
}

/** A transaction stays short, so that pages are served while it runs. */
const mostAtOnce = 1_000;

/**
 * The one who writes for all windows that are read side by side: two at once would store the same record in another order,
 * and wait for each other. What comes while it writes is stored together, as the next transaction.
 */
export function openPageWriter(db: Kysely<Database>, scope: PullScope): PageWriter {
  const waiting: Waiting[] = [];
  let isWriting = false;

  async function writeWaiting(): Promise<void> {
    isWriting = true;
    while (waiting.length > 0) {
      const together = takeTogether(waiting);
      try {
        const joined = joinBatches(together.map(({ batch }) => batch));
        await settleFor(db, scope, joined);
        await withTransaction(db, async (transaction) => {
          await storeBatch(transaction, scope, joined);
          for (const { also } of together) await also?.(transaction);
        });
        for (const { done } of together) done.resolve(undefined);
      } catch (error) {
        for (const { done } of together) done.reject(error);
      }
    }
    isWriting = false;
  }

  return (batch, also) => {
    const done = Promise.withResolvers<undefined>();
    waiting.push({ batch, also, done });
    if (!isWriting) void writeWaiting();
    return done.promise;
  };
}

function takeTogether(waiting: Waiting[]): Waiting[] {
  let size = 0;
  const count = waiting.findIndex(({ batch }, place) => {
    size += batch.arrivals.length + batch.refusals.length;
    return place > 0 && size > mostAtOnce;
  });
  return waiting.splice(0, count === -1 ? waiting.length : count);
}

function joinBatches(batches: readonly Batch[]): Batch {
  const skipped = new Map<string, number>();
  for (const batch of batches) for (const [type, count] of batch.skipped) skipped.set(type, (skipped.get(type) ?? 0) + count);
  return {
    arrivals: batches.flatMap(({ arrivals }) => arrivals),
    refusals: batches.flatMap(({ refusals }) => refusals),
    skipped,
  };
}
