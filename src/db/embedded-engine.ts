import { once } from "node:events";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import type { FromMain, FromWorker, WorkerStart } from "./embedded-worker.ts";
import { letHeapsGrow } from "./let-heaps-grow.ts";
import { startThread } from "./start-thread.ts";

/** PGlite in a thread of its own. It speaks PostgreSQL's wire protocol and answers requests one after another. */
export interface EmbeddedEngine {
  /** The server's reply to whole protocol messages, which are handed over; rejects once the thread is gone. */
  readonly exchange: (request: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>;
  readonly close: () => Promise<void>;
}

interface Waiting {
  readonly resolve: (message: FromWorker) => void;
  readonly reject: (error: Error) => void;
}

/** Per cent. Beside an engine of some 200 MB that all wait for, collecting less often is worth the 80 MB that it costs. */
const besideEngine = 200;

/** Resolves once the database is open, made if need be; `folder` undefined keeps it in memory. */
export async function startEngine(folder: string | undefined): Promise<EmbeddedEngine> {
  if (folder !== undefined && !existsSync(folder)) await makeDatabase(folder);
  letHeapsGrow(besideEngine);
  const start: WorkerStart = { folder };
  const worker = startThread(new URL("./embedded-worker.ts", import.meta.url), start);
  const waiting: Waiting[] = [];
  let gone: Error | undefined;
  let isClosing = false;

  function fail(error: Error): void {
    gone ??= error;
    for (const each of waiting.splice(0)) each.reject(gone);
  }
  worker.on("message", (message: FromWorker) => {
    waiting.shift()?.resolve(message);
    // An idle engine keeps no process alive that has nothing else to do.
    if (waiting.length === 0 && !isClosing) worker.unref();
  });
  worker.on("error", (error) => {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    fail(new Error(`The embedded database stopped: ${reason}`, { cause: error }));
  });
  const exited = new Promise<void>((resolve) => {
    worker.on("exit", (exitCode) => {
      fail(new Error(`The embedded database is closed (its thread ended with ${exitCode}).`));
      resolve();
    });
  });

  function nextMessage(): Promise<FromWorker> {
    return new Promise((resolve, reject) => {
      if (gone === undefined) waiting.push({ resolve, reject });
      else reject(gone);
    });
  }
  function ask(message: FromMain): Promise<FromWorker> {
    const answer = nextMessage();
    worker.ref();
    worker.postMessage(message, message instanceof Uint8Array ? [message.buffer] : []);
    return answer;
  }

  await nextMessage();
  return {
    exchange: async (request) => (await ask(request)) as Uint8Array,
    close: async () => {
      isClosing = true;
      if (gone === undefined) await ask("close");
      await exited;
    },
  };
}

/** Under another name first: a process killed meanwhile must not leave half of one behind. */
async function makeDatabase(folder: string): Promise<void> {
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const [exitCode] = (await once(startThread(new URL("./embedded-maker.ts", import.meta.url), unfinished), "exit")) as [number];
  if (exitCode !== 0) throw new Error(`Its making ended with ${exitCode}.`);
  renameSync(unfinished, folder);
}
