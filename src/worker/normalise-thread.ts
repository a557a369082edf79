import { parentPort, workerData } from "node:worker_threads";
import type { Key } from "../domain/facts.ts";
import { compileMapping, type Mapping } from "../normalise/mapping.ts";
import type { NormaliseContext } from "../normalise/normalise.ts";
import { normaliseGiven, type GivenTexts } from "./normalise-given.ts";
import { packBatch, type PackedBatch } from "./pack-batch.ts";

/** What this thread is started with; a mapping goes as it is written, for what is made of it holds functions. */
export interface NormaliseStart {
  readonly site: string;
  readonly context: Omit<NormaliseContext, "mapping">;
  readonly mapping: Mapping["written"];
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
const { site, context, mapping } = workerData as NormaliseStart;
const whole: NormaliseContext = { ...context, mapping: compileMapping(mapping) };
port.on("message", ({ lines, ...from }: ToNormaliseThread) => {
  const { batch, names } = normaliseGiven(site, whole, { ...from, texts: lines.split("\n") });
  const packed = packBatch(batch);
  port.postMessage({ batch: packed, names } satisfies FromNormaliseThread, [...packed.rooms]);
});
