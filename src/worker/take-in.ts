import type { Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import type { Facts, Key } from "../domain/facts.ts";
import type { Instant } from "../domain/instant.ts";
import { nameOf } from "../domain/key.ts";
import { isObject } from "../fhir/bundle.ts";
import { textOf } from "../normalise/loose-json.ts";
import { canonicalise } from "../normalise/canonical-json.ts";
import { normalise, type NormaliseContext, type Normalised } from "../normalise/normalise.ts";
import { refsOf } from "../relate/refs-of.ts";
import type { Pulled, PulledResource } from "./pulled.ts";
import type { PullScope } from "./pull-scope.ts";
import { openBatchWriter } from "./batch-writer.ts";
import { OpenBatch } from "./open-batch.ts";
import type { PackedBatch } from "./pack-batch.ts";

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

/** Hears of nothing but what is named. */
export function gatherNames(names: Set<Key>): Listener {
  return {
    time: () => {},
    facts: (facts) => {
      for (const ref of refsOf(facts)) names.add(nameOf(ref));
    },
  };
}

/** Takes in what a source yields, some at a time: normalises it, and stores it batch by batch. One way in for every kind of source. */
export async function takeIn(
  db: Kysely<Database>,
  scope: PullScope,
  pulled: AsyncIterable<readonly Pulled[]>,
  context: NormaliseContext,
  listener: Listener,
): Promise<void> {
  await storeBatches(db, scope, fillBatches(scope.site.name, pulled, context, listener));
}

/** What a source yields, normalised, in batches that one transaction each can take. */
export async function* fillBatches(
  site: string,
  pulled: AsyncIterable<readonly Pulled[]>,
  context: NormaliseContext,
  listener: Listener,
): AsyncGenerator<PackedBatch, void> {
  let batch = new OpenBatch(site);
  let characters = 0;
  for await (const items of pulled) {
    for (const item of items) {
      characters += addTo(batch, item, context, listener);
      if (batch.size < batchSize && characters < batchCharacters) continue;
      yield batch.pack();
      batch = new OpenBatch(site);
      characters = 0;
    }
  }
  if (batch.size > 0) yield batch.pack();
}

/** One is written, what the next needs has been looked up, and what another needs is; one more is read. */
const batchesAhead = 3;

/** Stores batch after batch while those that follow are read; returns what their reading came to. */
export async function storeBatches<T>(db: Kysely<Database>, scope: PullScope, batches: AsyncGenerator<PackedBatch, T>): Promise<T> {
  const write = openBatchWriter(db, scope);
  const storing: Promise<void>[] = [];
  try {
    for (;;) {
      const next = await batches.next();
      if (next.done === true) {
        await Promise.all(storing);
        return next.value;
      }
      if (storing.length === batchesAhead) await storing.shift();
      const stored = write(next.value);
      stored.catch(() => undefined);
      storing.push(stored);
    }
  } finally {
    await Promise.allSettled(storing);
    await batches.return(undefined as never);
  }
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
    batch.addRefusal({
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
export function addResource(
  batch: OpenBatch,
  { file, line, resource, text }: PulledResource,
  said: Normalised,
  listener: Listener,
): number {
  if (said.kind === "skipped") {
    batch.addSkipped(said.type);
    return 0;
  }
  const body = text ?? JSON.stringify(resource);
  if (said.kind === "refused") {
    const names = [...said.names, ...(said.key === undefined ? [] : [said.key])];
    batch.addRefusal({
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
  batch.addVersion(said, body);
  return body.length;
}
