import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { fileUnreadable } from "./folder-files.ts";

/**
 * The bytes of a file as they come; `onBytes` hears how many each time.
 * @throws UserError `file-unreadable`
 */
export async function* readBytes(path: string, onBytes: (count: number) => void): AsyncGenerator<Buffer> {
  // Small, so that even a gzip bomb (1:1032) unpacks to no more than 70 MB at a time.
  const stream = createReadStream(path, { highWaterMark: 64 * 1024 });
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      onBytes(chunk.length);
      yield chunk;
    }
  } catch (cause) {
    throw fileUnreadable(path, cause);
  }
}

/** Thrown by `unpack` after everything that came before the damage. */
export class DamagedGzip extends Error {
  override readonly name = "DamagedGzip";
}

/**
 * Unpacks gzip, one piece of input at a time. Piping would be shorter, but a stream that fails throws away what it
 * had unpacked and nobody had read yet: how much was kept of a damaged file would depend on timing.
 * @throws DamagedGzip where the file is cut short or is no gzip
 */
export async function* unpack(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  let unpacked: Buffer[] = [];
  let damage: Error | undefined;
  let goOn = (): void => undefined;
  gunzip.on("data", (piece: Buffer) => unpacked.push(piece));
  gunzip.on("end", () => goOn());
  gunzip.on("error", (error) => {
    damage = error;
    goOn();
  });
  const step = async (push: () => void): Promise<Buffer[]> => {
    await new Promise<void>((resolve) => {
      goOn = resolve;
      push();
    });
    const ready = unpacked;
    unpacked = [];
    return ready;
  };
  try {
    for await (const piece of packed) {
      yield* await step(() => gunzip.write(piece, () => goOn()));
      if (damage !== undefined) break;
    }
    if (damage === undefined) yield* await step(() => gunzip.end());
    if (damage !== undefined) throw new DamagedGzip("damaged gzip", { cause: damage });
  } finally {
    gunzip.destroy();
  }
}
