import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { optimizeNothing, SlimPGlite, startParams } from "./pglite.ts";

/** What this thread is started with: the database's folder, or undefined to keep it in memory. */
export interface WorkerStart {
  readonly folder: string | undefined;
}

/** In: protocol bytes, or `close`. Out: `ready`, then one reply of bytes for each request, `closed` at the end. */
export type FromMain = Uint8Array<ArrayBuffer> | "close";
export type FromWorker = Uint8Array | "ready" | "closed";

if (parentPort === null) throw new Error("The embedded database's worker runs as a worker thread only.");
const port = parentPort;
const { folder } = workerData as WorkerStart;
const database = await open(folder);
let queue: Promise<void> = Promise.resolve();
port.on("message", (message: FromMain) => {
  queue = queue.then(() => (message === "close" ? close() : reply(message)));
});
send("ready");

async function open(at: string | undefined): Promise<PGlite> {
  if (at === undefined) {
    // It is made in this thread.
    optimizeNothing();
    return PGlite.create("memory://", { startParams });
  }
  const opened = new SlimPGlite(at, { startParams });
  await opened.waitReady;
  return opened;
}

async function reply(request: Uint8Array): Promise<void> {
  // A start-up packet begins with its length, so with 0: a client that went away may have left its transaction open.
  if (request[0] === 0 && database.isInTransaction()) await database.exec("rollback");
  const parts: Uint8Array[] = [];
  // What is handed over is a view of the engine's own memory, so it is copied.
  await database.execProtocolRawStream(request, { onRawData: (part) => parts.push(part.slice()) });
  const [only] = parts;
  send(parts.length === 1 && only !== undefined ? only : new Uint8Array(Buffer.concat(parts)));
}

async function close(): Promise<void> {
  await database.close();
  send("closed");
  port.close();
}

function send(message: FromWorker): void {
  port.postMessage(message, message instanceof Uint8Array ? [message.buffer as ArrayBuffer] : []);
}
