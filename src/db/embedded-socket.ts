import { Duplex } from "node:stream";
import type { EmbeddedEngine } from "./embedded-engine.ts";

type Done = (error?: Error | null) => void;

/**
 * What pg takes for its network socket: whatever it writes goes to the embedded engine, whatever the engine answers
 * is read from here. So pg itself is the client of both kinds of database, and parameters, values, errors and
 * transactions cannot differ between them.
 */
export class EmbeddedSocket extends Duplex {
  readonly #engine: EmbeddedEngine;

  constructor(engine: EmbeddedEngine) {
    super();
    this.#engine = engine;
  }

  connect(): void {
    process.nextTick(() => this.emit("connect"));
  }

  // pg holds back the messages of one query and lets them go at once, so every write is whole messages up to a Sync.
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this._writev([{ chunk }], done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    this.#engine.exchange(joined(chunks)).then(
      (reply) => {
        if (reply.length > 0) this.push(Buffer.from(reply.buffer, reply.byteOffset, reply.length));
        done();
      },
      (error: unknown) => {
        done(error as Error);
      },
    );
  }

  override _read(): void {
    // Replies are pushed as they come.
  }

  override _final(done: Done): void {
    this.push(null);
    done();
  }

  // A socket's settings, which pg makes and which mean nothing here.
  setNoDelay(): void {}
  setKeepAlive(): void {}
  ref(): void {}
  unref(): void {}
}

/** In memory of its own, that it may be handed over: a buffer of pg's is a part of one that others lie in. */
function joined(chunks: readonly { chunk: Buffer }[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(chunks.reduce((length, { chunk }) => length + chunk.length, 0));
  let end = 0;
  for (const { chunk } of chunks) {
    whole.set(chunk, end);
    end += chunk.length;
  }
  return whole;
}
