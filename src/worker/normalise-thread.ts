import { parentPort, workerData } from "node:worker_threads";
import { normaliseGiven, type GivenTexts } from "./normalise-given.ts";
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

if (parentPort === null) throw new Error("What normalises apart runs as a worker thread only.");
const port = parentPort;
const { site, ...start } = workerData as NormaliseStart;
const context = readContext(start.context);
port.on("message", ({ lines, ...from }: ToNormaliseThread) => {
  const given = normaliseGiven(site, context, { ...from, texts: lines.split("\n") });
  port.postMessage(given, [...given.batch.rooms]);
});
