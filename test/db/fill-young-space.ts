import { getHeapSpaceStatistics } from "node:v8";
import { parentPort } from "node:worker_threads";
import { startThread } from "../../src/db/start-thread.ts";

// A process of its own: prints how many megabytes the young generation takes of a thread of the usual size, and of one with four times as much.
if (parentPort) parentPort.postMessage(fillYoungSpace());
else for (const semiSpace of [undefined, 16]) console.log(await measureThread(semiSpace));

async function measureThread(semiSpace: number | undefined): Promise<number> {
  const thread = startThread(new URL(import.meta.url), undefined, semiSpace === undefined ? {} : { semiSpace });
  return new Promise((resolve, reject) => thread.on("message", resolve).on("error", reject));
}

/** Keeps so much of what it makes for a while that V8 lets the young generation grow as far as it may. */
function fillYoungSpace(): number {
  let most = 0;
  const kept: string[][] = [];
  for (let turn = 0; turn < 40_000; turn += 1) {
    kept[turn % 2_000] = Array.from({ length: 100 }, (_, place) => `${turn} ${place}`);
    if (turn % 100 !== 0) continue;
    const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
    most = Math.max(most, space?.space_size ?? 0);
  }
  return Math.round(most / 2 ** 20);
}
