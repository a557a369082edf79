import type { Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import type { Facts } from "../domain/facts.ts";
import type { Instant } from "../domain/instant.ts";
import { isObject } from "../fhir/bundle.ts";
import { textOf } from "../normalise/loose-json.ts";
import { canonicalise } from "../normalise/canonical-json.ts";
import { normalise, type NormaliseContext, type Normalised } from "../normalise/normalise.ts";
import type { Pulled, PulledResource } from "./pulled.ts";
import type { PullScope } from "./pull-scope.ts";
import { storeBatch, type Batch } from "./store-batch.ts";
import type { Refusal } from "./store-refusals.ts";
import type { Arrival } from "./stored-version.ts";

/** A batch is stored in one short transaction, so that pages are served while a scan runs. */
const batchSize = 1_000;
const batchCharacters = 4_000_000;

/** Hears of everything that is read. */
export interface Listener {
  /** Event times: assumed coverage and a default `now` come from them. */
  readonly time: (type: string, at: Instant) => void;
  /** What each usable version says: what it names may have to be fetched. */
  readonly facts?: (facts: Facts) => void;
}

/** Takes in what a source yields, some at a time: normalises it, and stores it batch by batch. One way in for every kind of source. */
export async function takeIn(
  db: Kysely<Database>,
  scope: PullScope,
  pulled: AsyncIterable<readonly Pulled[]>,
  context: NormaliseContext,
  listener: Listener,
): Promise<void> {
  let batch = newBatch();
  let characters = 0;
  // One batch is stored while the next is read and normalised.
  let storing = Promise.resolve();
  try {
    for await (const items of pulled) {
      for (const item of items) {
        characters += addTo(batch, item, context, listener);
        if (sizeOf(batch) < batchSize && characters < batchCharacters) continue;
        await storing;
        storing = storeInTurn(db, scope, batch);
        storing.catch(() => undefined);
        batch = newBatch();
        characters = 0;
      }
    }
  } finally {
    await storing;
  }
  if (sizeOf(batch) > 0) await storeInTurn(db, scope, batch);
}

/** The batch that is being stored, by connection. */
const turns = new WeakMap<Kysely<Database>, Promise<void>>();

/** Whatever is read side by side is stored batch after batch: two at once could hold the same record for new, or wait for each other. */
function storeInTurn(db: Kysely<Database>, scope: PullScope, batch: Batch): Promise<void> {
  const before = turns.get(db) ?? Promise.resolve();
  const stored = before.catch(() => undefined).then(() => storeBatch(db, scope, batch));
  turns.set(db, stored);
  return stored;
}

/** A batch while it is filled. */
export interface OpenBatch extends Batch {
  readonly arrivals: Arrival[];
  readonly refusals: Refusal[];
  readonly skipped: Map<string, number>;
}

export function newBatch(): OpenBatch {
  return { arrivals: [], refusals: [], skipped: new Map() };
}

function sizeOf(batch: OpenBatch): number {
  let skipped = 0;
  for (const count of batch.skipped.values()) skipped += count;
  return batch.arrivals.length + batch.refusals.length + skipped;
}

/** Canonical JSON; what is nested too deeply for that is known by its text. */
function identityOf(resource: unknown, body: string): string {
  try {
    return canonicalise(resource);
  } catch {
    return body;
  }
}

function versionIdOf(resource: unknown): string | undefined {
  const meta = isObject(resource) ? resource["meta"] : undefined;
  return isObject(meta) ? textOf(meta["versionId"]) : undefined;
}

/** Returns how many characters the item adds. */
function addTo(batch: OpenBatch, item: Pulled, context: NormaliseContext, listener: Listener): number {
  if (item.kind === "unusable") {
    const { file, line } = item;
    batch.refusals.push({
      type: undefined,
      code: item.code,
      reason: item.reason,
      file,
      line,
      body: item.text,
      identity: item.text,
      names: [],
      patient: undefined,
      eventAt: undefined,
    });
    return item.text.length;
  }
  return addResource(batch, item, normalise(item.resource, context), listener);
}

/** The same, of a resource that has been normalised. */
export function addResource(batch: OpenBatch, { file, line, resource }: PulledResource, said: Normalised, listener: Listener): number {
  if (said.kind === "skipped") {
    batch.skipped.set(said.type, (batch.skipped.get(said.type) ?? 0) + 1);
    return 0;
  }
  const body = JSON.stringify(resource);
  if (said.kind === "refused") {
    const names = [...said.names, ...(said.key === undefined ? [] : [said.key])];
    batch.refusals.push({
      type: said.type,
      code: said.code,
      reason: said.reason,
      file,
      line,
      body,
      identity: identityOf(resource, body),
      names,
      patient: said.patient,
      eventAt: said.eventAt,
      record: said.key,
      versionId: versionIdOf(resource),
    });
    return body.length;
  }
  for (const time of said.times) listener.time(said.facts.type, time);
  listener.facts?.(said.facts);
  batch.arrivals.push({ key: said.key, facts: said.facts, body, eventAt: said.eventAt, latestAt: said.latestAt });
  return body.length;
}
