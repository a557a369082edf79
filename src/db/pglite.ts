import { setFlagsFromString } from "node:v8";
import { PGlite } from "@electric-sql/pglite";

/** Its own 128 MB of buffers would be a second copy of what the system's file cache holds. */
export const startParams = [...PGlite.defaultStartParams, "-c", "shared_buffers=16MB", "-c", "maintenance_work_mem=16MB"];

/**
 * PGlite as V8 compiles it with 40 MB instead of 600: all of it but what the first statement meets, which is the parser of SQL, one
 * function of 105 KB, may be optimized once it has run for a while (decision 0033).
 */
export class SlimPGlite extends PGlite {
  #isFirst = true;

  override execProtocolRawSync(message: Uint8Array): Uint8Array {
    if (!this.#isFirst) return super.execProtocolRawSync(message);
    this.#isFirst = false;
    optimizeNothing();
    try {
      return super.execProtocolRawSync(message);
    } finally {
      optimizeAll();
    }
  }
}

/** Of WebAssembly that is compiled from now on: V8 compiles a function when it is called first, and by this for good. */
export function optimizeNothing(): void {
  // The function of this number alone, which is not one of PGlite's own.
  setFlagsFromString("--wasm-tier-up-filter=0");
}

function optimizeAll(): void {
  setFlagsFromString("--wasm-tier-up-filter=-1");
}
