import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";

/** As the program is started with (`--max-semi-space-size`), in megabytes. */
const usualSemiSpace = 4;
/** Of V8's young generation: two, and as much again for what is large. */
const semiSpaces = 3;

/**
 * Starts a thread whose young generation has a size of its own: more of it is less work for the collector, and more memory. The main
 * thread's would be every thread's, for what a process is started with goes before what a thread is.
 * @param source as `new URL("./thread.ts", import.meta.url)`
 * @param semiSpace in megabytes
 */
export function startThread(source: URL, workerData: unknown, { semiSpace = usualSemiSpace } = {}): Worker {
  setFlagsFromString("--max-semi-space-size=0");
  return new Worker(source, { workerData, resourceLimits: { maxYoungGenerationSizeMb: semiSpaces * semiSpace } });
}
