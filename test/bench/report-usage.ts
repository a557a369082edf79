import { writeSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

/** Loaded into a process that is measured: when it ends it says what it took, all its threads together. */
if (isMainThread) {
  process.on("exit", () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    writeSync(3, JSON.stringify({ cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMb: maxRSS / 1024 }));
  });
}
