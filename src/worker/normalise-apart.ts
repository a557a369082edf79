import { Worker } from "node:worker_threads";
import type { NormaliseContext } from "../normalise/normalise.ts";
import { normaliseGiven, type GivenTexts, type PackedNames } from "./normalise-given.ts";
import type { NormaliseStart, ToNormaliseThread } from "./normalise-thread.ts";
import { unpackBatch } from "./pack-batch.ts";
import type { Batch } from "./store-batch.ts";
import { writeContext } from "./written-context.ts";

/** Ready to be stored, and whatever they name. */
export interface NormalisedBatch extends Omit<PackedNames, "batch"> {
  readonly batch: Batch;
}

/** Normalises what a server gave. */
export interface Normaliser {
  readonly normalise: (given: GivenTexts) => Promise<NormalisedBatch>;
  readonly close: () => Promise<void>;
}

/** To start a thread takes as long as to normalise so many. */
const resourcesWorthAThread = 2_000;

/** Here where there is little, and else in a thread of its own: which, nobody can tell. */
export function openNormaliser(site: string, context: NormaliseContext): Normaliser {
  const here = normaliseHere(site, context);
  let given = 0;
  let thread: Normaliser | undefined;
  return {
    normalise: async (texts) => {
      given += texts.texts.length;
      if (given >= resourcesWorthAThread) thread ??= startThread(site, context);
      return (texts.texts.length === 0 ? here : (thread ?? here)).normalise(texts);
    },
    close: async () => thread?.close(),
  };
}

/** For what is never much. */
export function normaliseHere(site: string, context: NormaliseContext): Normaliser {
  return {
    normalise: async (texts) => Promise.resolve(unpack(normaliseGiven(site, context, texts))),
    close: () => Promise.resolve(),
  };
}

function unpack({ batch, names }: PackedNames): NormalisedBatch {
  return { batch: unpackBatch(batch), names };
}

function startThread(site: string, context: NormaliseContext): Normaliser {
  const workerData: NormaliseStart = { site, context: writeContext(context) };
  const worker = new Worker(new URL("./normalise-thread.ts", import.meta.url), { workerData });
  /** It answers in the order in which it is asked. */
  const asked: PromiseWithResolvers<NormalisedBatch>[] = [];
  worker.on("message", (packed: PackedNames) => asked.shift()?.resolve(unpack(packed)));
  worker.on("error", (error) => {
    for (const each of asked.splice(0)) each.reject(error);
  });
  worker.on("exit", () => {
    for (const each of asked.splice(0)) each.reject(new Error("The thread that normalises ended before it had answered."));
  });
  return {
    normalise: ({ texts, ...from }) => {
      const answer = Promise.withResolvers<NormalisedBatch>();
      asked.push(answer);
      worker.postMessage({ ...from, lines: texts.join("\n") } satisfies ToNormaliseThread);
      return answer.promise;
    },
    close: async () => {
      await worker.terminate();
    },
  };
}
