import { on } from "node:events";
import { Worker } from "node:worker_threads";
import { UserError } from "../domain/user-error.ts";
import type { FromFolderThread, ThreadStart } from "./folder-thread.ts";
import type { PackedBatch } from "./pack-batch.ts";
import type { FolderNotes, FolderToRead } from "./read-batches.ts";
import { writeContext } from "./written-context.ts";

/** The same as `readBatches`, in a thread of its own: it reads and normalises ahead while what came before is stored. */
export async function* readApart(from: FolderToRead, onBytes: (bytes: number) => void): AsyncGenerator<PackedBatch, FolderNotes> {
  const start: ThreadStart = { ...from, context: writeContext(from.context) };
  const thread = new Worker(new URL("./folder-thread.ts", import.meta.url), { workerData: start });
  try {
    for await (const [message] of on(thread, "message", { close: ["exit"] }) as AsyncIterable<[FromFolderThread]>) {
      if ("code" in message) throw new UserError(message.code, message.message, message.fix, { cause: message.cause });
      onBytes(message.bytes);
      if ("notes" in message) return message.notes;
      yield message.batch;
      thread.postMessage("next");
    }
    throw new Error("The thread that reads the folder ended before the folder did.");
  } finally {
    await thread.terminate();
  }
}
