import { startThread } from "../db/start-thread.ts";
import type { NormaliseContext } from "../normalise/normalise.ts";
import { normaliseGiven, type GivenTexts, type PackedNames } from "./normalise-given.ts";
import type { NormaliseStart, ToNormaliseThread } from "./normalise-thread.ts";
import { writeContext } from "./written-context.ts";

/** Normalises what a server gave. */
export interface Normaliser {
  readonly normalise: (given: GivenTexts) => Promise<PackedNames>;
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
      if (given >= resourcesWorthAThread) thread ??= normaliseApart(site, context);
      return (texts.texts.length === 0 ? here : (thread ?? here)).normalise(texts);
    },
    close: async () => thread?.close(),
  };
}

/** For what is never much. */
export function normaliseHere(site: string, context: NormaliseContext): Normaliser {
  return {
    normalise: async (texts) => Promise.resolve(normaliseGiven(site, context, texts)),
    close: () => Promise.resolve(),
  };
}

function normaliseApart(site: string, context: NormaliseContext): Normaliser {
  const workerData: NormaliseStart = { site, context: writeContext(context) };
  const worker = startThread(new URL("./normalise-thread.ts", import.meta.url), workerData);
  /** It answers in the order in which it is asked. */
  const asked: PromiseWithResolvers<PackedNames>[] = [];
  worker.on("message", (packed: PackedNames) => asked.shift()?.resolve(packed));
  worker.on("error", (error) => {
    for (const each of asked.splice(0)) each.reject(error);
  });
  worker.on("exit", () => {
    for (const each of asked.splice(0)) each.reject(new Error("The thread that normalises ended before it had answered."));
  });
  return {
    normalise: ({ texts, ...from }) => {
      const answer = Promise.withResolvers<PackedNames>();
      asked.push(answer);
      worker.postMessage({ ...from, lines: texts.join("\n") } satisfies ToNormaliseThread);
      return answer.promise;
    },
    close: async () => {
      await worker.terminate();
    },
  };
}
