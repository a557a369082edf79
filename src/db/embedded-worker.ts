import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";

/** What this thread is started with: the database's folder, or undefined to keep it in memory. */
export interface WorkerStart {
  readonly folder: string | undefined;
}

/** In: protocol bytes, or `close`. Out: `ready`, then one reply of bytes for each request, `closed` at the end. */
export type FromMain = Uint8Array<ArrayBuffer> | "close";
export type FromWorker = Uint8Array | "ready" | "closed";

/**
 * V8's optimizing compiler takes 600 MB and two seconds for a single function of PGlite: what it compiles once, as it meets it, is quick
 * enough (decision 0029). The last two follow from the first where it is said at a process's start.
 */
setFlagsFromString("--liftoff-only --no-wasm-tier-up --no-wasm-dynamic-tiering");

/** Its own 128 MB of buffers would be a second copy of what the system's file cache holds. */
const startParams = [...PGlite.defaultStartParams, "-c", "shared_buffers=16MB", "-c", "maintenance_work_mem=16MB"];

if (parentPort === null) throw new Error("The embedded database's worker runs as a worker thread only.");
const port = parentPort;
const { folder } = workerData as WorkerStart;
const database = await open(folder);
let queue: Promise<void> = Promise.resolve();
port.on("message", (message: FromMain) => {
  queue = queue.then(() => (message === "close" ? close() : reply(message)));
});
send("ready");

/** A new database is made under another name first: a process killed meanwhile must not leave half of one behind. */
async function open(at: string | undefined): Promise<PGlite> {
  if (at === undefined) return PGlite.create("memory://", { startParams });
  if (!existsSync(at)) {
    const unfinished = `${at}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    await (await PGlite.create(unfinished, { startParams })).close();
    renameSync(unfinished, at);
  }
  return PGlite.create(at, { startParams });
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
