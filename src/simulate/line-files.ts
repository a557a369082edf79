import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** Files of lines that are open together; what waits to be written is bounded for each. */
export interface LineFiles {
  readonly write: (file: string, line: string) => void;
  /** Bytes on disk so far. */
  readonly bytes: () => number;
  readonly close: () => void;
}

const heldBytes = 256 * 1_024;

/** Compressed a block at a time: members one after another are one gzip file, and the same bytes on every run. */
export function openLineFiles(folder: string, isCompressed: boolean): LineFiles {
  const open = new Map<string, { readonly descriptor: number; held: string[]; length: number }>();
  let bytes = 0;
  const flush = (file: { readonly descriptor: number; held: string[]; length: number }): void => {
    if (file.held.length === 0) return;
    const text = Buffer.from(`${file.held.join("\n")}\n`);
    const block = isCompressed ? gzipSync(text, { level: 6 }) : text;
    let done = 0;
    while (done < block.length) done += writeSync(file.descriptor, block, done);
    bytes += block.length;
    file.held = [];
    file.length = 0;
  };
  return {
    write: (name, line) => {
      let file = open.get(name);
      if (file === undefined) {
        file = { descriptor: openSync(join(folder, `${name}.ndjson${isCompressed ? ".gz" : ""}`), "wx"), held: [], length: 0 };
        open.set(name, file);
      }
      file.held.push(line);
      file.length += line.length;
      if (file.length >= heldBytes) flush(file);
    },
    bytes: () => bytes,
    close: () => {
      for (const file of open.values()) {
        flush(file);
        closeSync(file.descriptor);
      }
    },
  };
}
