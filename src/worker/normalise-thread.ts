import { parentPort, workerData } from "node:worker_threads";
import type { Key } from "../domain/facts.ts";
import { normaliseGiven, type GivenTexts } from "./normalise-given.ts";
import { packBatch, type PackedBatch } from "./pack-batch.ts";
import { readContext, type WrittenContext } from "./written-context.ts";

/** What this thread is started with. */
export interface NormaliseStart {
  readonly site: string;
  readonly context: WrittenContext;
}

/** In: texts one after another, a line each. Out: what they say, in the order in which they came. */
export interface ToNormaliseThread extends Omit<GivenTexts, "texts"> {
  readonly lines: string;
}

export interface FromNormaliseThread {
  readonly batch: PackedBatch;
  readonly names: ReadonlySet<Key>;
}

if (parentPort === null) throw new Error("What normalises apart runs as a worker thread only.");
const port = parentPort;
const { site, ...start } = workerData as NormaliseStart;
const context = readContext(start.context);
port.on("message", ({ lines, ...from }: ToNormaliseThread) => {
  const { batch, names } = normaliseGiven(site, context, { ...from, texts: lines.split("\n") });
  const packed = packBatch(batch);
  port.postMessage({ batch: packed, names } satisfies FromNormaliseThread, [...packed.rooms]);
});
