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

/** Normalises what a server gave, here or in a thread of its own: which, nobody can tell. */
export interface Normaliser {
  readonly normalise: (given: GivenTexts) => Promise<NormalisedBatch>;
  readonly close: () => Promise<void>;
}

/** To start a thread takes as long as to normalise so many. */
const resourcesWorthAThread = 2_000;

/** @param hasServer the database is a process of its own: what normalises may be a thread of its own */
export function openNormaliser(site: string, context: NormaliseContext, hasServer: boolean): Normaliser {
  let given = 0;
  let thread: Normaliser | undefined;
  return {
    normalise: async (texts) => {
      given += texts.texts.length;
      if (hasServer && given >= resourcesWorthAThread) thread ??= startThread(site, context);
      if (thread === undefined || texts.texts.length === 0) return unpack(normaliseGiven(site, context, texts));
      return thread.normalise(texts);
    },
    close: async () => thread?.close(),
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
