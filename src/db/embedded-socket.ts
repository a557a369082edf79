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
    this.#engine.exchange(chunk).then(
      (reply) => {
        if (reply.length > 0) this.push(Buffer.from(reply.buffer, reply.byteOffset, reply.length));
        done();
      },
      (error: unknown) => {
        done(error as Error);
      },
    );
  }

  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    this._write(Buffer.concat(chunks.map((each) => each.chunk)), "binary", done);
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
