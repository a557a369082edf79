import { parentPort, workerData } from "node:worker_threads";
import { UserError } from "../domain/user-error.ts";
import type { PackedBatch } from "./pack-batch.ts";
import { readBatches, type FolderNotes, type FolderToRead } from "./read-batches.ts";
import { readContext, type WrittenContext } from "./written-context.ts";

/** What this thread is started with. */
export interface ThreadStart extends Omit<FolderToRead, "context"> {
  readonly context: WrittenContext;
}

/** Out: each batch, and how many bytes have been read by then; at the end what was noticed, or what the user can mend. */
export type FromFolderThread =
  | { readonly batch: PackedBatch; readonly bytes: number }
  | { readonly notes: FolderNotes; readonly bytes: number }
  | { readonly code: string; readonly message: string; readonly fix: string; readonly cause: unknown };

/** In: `next` for each batch that was taken. So many lie ready, or are being made. */
const batchesAhead = 2;

if (parentPort === null) throw new Error("What reads a folder apart runs as a worker thread only.");
const port = parentPort;
const start = workerData as ThreadStart;
let room = batchesAhead;
let onRoom = (): void => undefined;
port.on("message", () => {
  room += 1;
  onRoom();
});
try {
  await readAll();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  send({ code: error.code, message: error.message, fix: error.fix, cause: error.cause });
}
port.close();

async function readAll(): Promise<void> {
  let bytes = 0;
  const batches = readBatches({ ...start, context: readContext(start.context) }, (read) => (bytes = read));
  for (;;) {
    if (room === 0) await new Promise<void>((resolve) => (onRoom = resolve));
    const next = await batches.next();
    if (next.done === true) {
      send({ notes: next.value, bytes });
      return;
    }
    room -= 1;
    send({ batch: next.value, bytes }, next.value.rooms);
  }
}

function send(message: FromFolderThread, handedOver: readonly ArrayBuffer[] = []): void {
  port.postMessage(message, [...handedOver]);
}
